package io.bulwark.kit.http;

import io.bulwark.kit.problem.Problem;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;

/** An endpoint that takes a body is never called without one: an empty body and the JSON {@code null} are refused. */
@Provider
class BodyRequired implements ReaderInterceptor {
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        var body = context.proceed();
        if (body == null) {
            throw new Problem(400, "malformed-body", "A body is needed here");
        }
        return body;
    }
}
