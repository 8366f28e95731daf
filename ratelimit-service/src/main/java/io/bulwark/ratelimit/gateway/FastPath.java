package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.problem.ProblemBody;
import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Shows requests to {@link FastRoute}s before Quarkus does anything for them: its check of the URI, its wrappers and its router
 * cost as much as a decision. A connection's first request comes through the router, which takes the connection over; what no
 * fast route answers goes from there to Quarkus as ever.
 */
@Singleton
class FastPath {
    private static final Logger LOG = Logger.getLogger(FastPath.class);

    private final FastRoute[] routes;
    private final Handler<HttpServerRequest> others;

    /** Whoever is still connected while the service stops is to be told so, which Quarkus does. */
    private volatile boolean stopping;

    @Inject
    FastPath(@All List<FastRoute> routes) {
        this(routes, VertxHttpRecorder.getRootHandler());
    }

    FastPath(List<FastRoute> routes, Handler<HttpServerRequest> others) {
        this.routes = routes.toArray(FastRoute[]::new);
        this.others = others;
    }

    void init(@Observes Router router) {
        router.route().order(RouteOrder.FAST).handler(context -> {
            var request = context.request();
            takeOver(request);
            if (!isAnswered(request)) {
                context.next();
            }
        });
    }

    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
    }

    /** But not in development, where the routes of tomorrow's classes would be those of today's. */
    void takeOver(HttpServerRequest request) {
        if (!stopping
                && LaunchMode.current() != LaunchMode.DEVELOPMENT
                && request.connection() instanceof HttpServerConnection connection) {
            connection.handler(this::handle);
        }
    }

    private void handle(HttpServerRequest request) {
        if (request.version() == null) {
            request.response().setStatusCode(501).end(); // as Vert.x answers it
            request.connection().close();
        } else if (stopping || !isAnswered(request)) {
            others.handle(request);
        }
    }

    private boolean isAnswered(HttpServerRequest request) {
        try {
            for (var route : routes) {
                if (route.answers(request)) {
                    return true;
                }
            }
            return false;
        } catch (RuntimeException e) {
            LOG.error("A gateway's question failed", e);
            if (!request.response().ended()) {
                request.response()
                        .setStatusCode(500)
                        .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.MEDIA_TYPE)
                        .end(Buffer.buffer(ProblemBody.json(500, "internal-error", "The question cannot be answered")));
            }
            return true;
        }
    }
}
