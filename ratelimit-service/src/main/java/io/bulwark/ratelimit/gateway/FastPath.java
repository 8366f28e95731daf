package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.problem.ProblemBody;
import io.quarkus.arc.All;
import io.quarkus.runtime.LaunchMode;
import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.quarkus.vertx.http.runtime.VertxHttpRecorder;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.impl.HttpServerConnection;
import io.vertx.ext.web.Router;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.List;
import org.jboss.logging.Logger;

/**
 * Shows requests to {@link FastRoute}s before Quarkus does anything for them, which costs half as much as a decision. A
 * connection's first request comes through the router, and the connection is taken over there; what no fast route answers
 * goes to Quarkus as ever.
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
            if (isAnswered(request)) {
                return;
            }
            if (isUri(request.uri())) {
                context.next();
            } else {
                end(request, 400, "malformed-uri", "What is asked for is no URI");
            }
        });
    }

    void stop(@Observes ShutdownDelayInitiatedEvent event) {
        stopping = true;
    }

    /** But not in development, where the routes of tomorrow's classes would be those of today's. */
    private void takeOver(HttpServerRequest request) {
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
                end(request, 500, "internal-error", "The question cannot be answered");
            }
            return true;
        }
    }

    /** RFC 2396, as Jakarta REST reads it, and which Quarkus would ask for of all requests: see {@code Main}. */
    private static boolean isUri(String text) {
        try {
            new URI(text);
            return true;
        } catch (URISyntaxException e) {
            return false;
        }
    }

    private static void end(HttpServerRequest request, int status, String code, String detail) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, ProblemBody.MEDIA_TYPE)
                .end(ProblemBody.json(status, code, detail));
    }
}
