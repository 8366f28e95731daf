package io.bulwark.kit.http;

import io.bulwark.kit.problem.Problem;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.ext.Provider;
import jakarta.ws.rs.ext.ReaderInterceptor;
import jakarta.ws.rs.ext.ReaderInterceptorContext;
import java.io.IOException;
import java.io.InputStream;

/**
 * An endpoint that takes a body is never called without one: an empty body and the JSON {@code null} are refused. Nor is
 * text made a record by a constructor that happens to take one string.
 */
@Provider
class BodyRequired implements ReaderInterceptor {
    @Override
    public Object aroundReadFrom(ReaderInterceptorContext context) throws IOException {
        if (MediaType.TEXT_PLAIN_TYPE.equals(withoutParameters(context.getMediaType()))
                && context.getType() != String.class
                && context.getType() != InputStream.class) {
            throw new Problem(415, "unsupported-media-type", "The body must be application/json");
        }
        var body = context.proceed();
        if (body == null) {
            throw new Problem(400, "malformed-body", "A body is needed here");
        }
        return body;
    }

    private static MediaType withoutParameters(MediaType type) {
        return new MediaType(type.getType(), type.getSubtype());
    }
}
