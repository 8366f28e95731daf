package io.bulwark.kit.http;

import io.bulwark.kit.problem.ProblemBody;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/** Says in problem+json what the server would else say with an empty 413. */
@ApplicationScoped
class BodyLimit {
    private static final int BEFORE_ALL_OTHERS = 1_000;

    private final long limit;

    BodyLimit(@ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize limit) {
        this.limit = limit.asLongValue();
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_ALL_OTHERS);
    }

    private void check(RoutingContext context) {
        if (length(context.request().getHeader("Content-Length")) <= limit) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(413)
                .putHeader("Content-Type", ProblemBody.MEDIA_TYPE)
                .putHeader("Connection", "close")
                .end(ProblemBody.json(413, "too-large", "The body is larger than " + limit + " bytes"));
    }

    private static long length(String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
