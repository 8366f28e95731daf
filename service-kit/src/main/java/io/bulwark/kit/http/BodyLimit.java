package io.bulwark.kit.http;

import io.bulwark.kit.problem.ProblemBody;
import io.quarkus.runtime.configuration.MemorySize;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.quarkus.vertx.http.runtime.filters.Filters;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.eclipse.microprofile.config.inject.ConfigProperty;

/**
 * Says in problem+json what the server would else say with an empty 413, and lets only the paths that need it take bodies
 * as large as the server does.
 */
@ApplicationScoped
class BodyLimit {
    private static final int BEFORE_ALL_OTHERS = 1_000;

    /** After the server has said how long a body of unknown length may become. */
    private static final int AFTER_THE_SERVER = 1;

    /** What may have come before it is read: {@link BoundedBody} is to find out first, for the server says nothing but 413. */
    private static final long AHEAD = 1 << 20;

    private final long limit;
    private final long largest;
    private final Set<String> larger;

    BodyLimit(
            @ConfigProperty(name = "bulwark.http.max-body-size") MemorySize limit,
            @ConfigProperty(name = "quarkus.http.limits.max-body-size") MemorySize largest,
            @ConfigProperty(name = "bulwark.http.larger-bodies") Optional<List<String>> larger) {
        this.limit = limit.asLongValue();
        this.largest = largest.asLongValue();
        this.larger = Set.copyOf(larger.orElse(List.of()));
    }

    void register(@Observes Filters filters) {
        filters.register(this::check, BEFORE_ALL_OTHERS);
        filters.register(this::bound, AFTER_THE_SERVER);
    }

    private void check(RoutingContext context) {
        var most = most(context);
        if (length(context.request().getHeader("Content-Length")) <= most) {
            context.next();
            return;
        }
        context.response()
                .setStatusCode(413)
                .putHeader("Content-Type", ProblemBody.MEDIA_TYPE)
                .putHeader("Connection", "close")
                .end(ProblemBody.json(413, "too-large", tooLarge(most)));
    }

    private void bound(RoutingContext context) {
        context.put(VertxHttpRecorder.MAX_REQUEST_SIZE_KEY, most(context) + AHEAD);
        context.next();
    }

    /** Bytes that a body may have. */
    long most(RoutingContext context) {
        return larger.contains(context.request().path()) ? largest : limit;
    }

    static String tooLarge(long most) {
        return "The body is larger than " + most + " bytes";
    }

    private static long length(String header) {
        try {
            return header == null ? 0 : Long.parseLong(header);
        } catch (NumberFormatException e) {
            return Long.MAX_VALUE;
        }
    }
}
