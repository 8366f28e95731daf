package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.decision.DecisionCounters;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.gateway.PresentedKey;
import io.bulwark.ratelimit.gateway.RouteOrder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;

/**
 * {@code POST /json} and {@code GET /healthcheck} as envoyproxy/ratelimit has them, for what cannot speak gRPC. Its errors
 * are plain text; what it does not know is a key and a service that has just begun: 401 and 503.
 */
@ApplicationScoped
class JsonRoute {
    private static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    private static final CharSequence TEXT = HttpHeaders.createOptimized("text/plain; charset=utf-8");

    private final GatewayKeys keys;
    private final RateLimiting limiting;
    private final DecisionCounters counters;
    private final int maxMessage;

    JsonRoute(GatewayKeys keys, RateLimiting limiting, DecisionCounters counters, EnvoyConfig config) {
        this.keys = keys;
        this.limiting = limiting;
        this.counters = counters;
        this.maxMessage = config.maxMessageSize();
    }

    void init(@Observes Router router) {
        // in whatever method, as there: without a body it is 400
        router.route("/json").order(RouteOrder.PROTOCOLS).handler(context -> ask(context.request()));
        router.route("/healthcheck")
                .method(HttpMethod.GET)
                .order(RouteOrder.PROTOCOLS)
                .handler(context -> {
                    var ready = limiting.isReady();
                    text(context.request(), ready ? 200 : 500, ready ? "OK" : "");
                });
    }

    private void ask(HttpServerRequest request) {
        var key = PresentedKey.of(request.headers());
        var gateway = key == null ? null : keys.find(key).orElse(null);
        if (gateway == null) {
            counters.count(Outcome.UNAUTHENTICATED);
            text(request, 401, "Unauthorized\n");
            return;
        }
        var body = Buffer.buffer();
        request.handler(chunk -> {
            if (body.length() + chunk.length() <= maxMessage) {
                body.appendBuffer(chunk);
            } else if (!request.response().ended()) {
                request.response().putHeader(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
                text(request, 413, "Request Entity Too Large\n");
            }
        });
        request.endHandler(end -> {
            if (!request.response().ended()) {
                answer(request, gateway.profile(), body);
            }
        });
    }

    private void answer(HttpServerRequest request, GatewayProfile gateway, Buffer body) {
        try {
            var reply = limiting.answer(gateway, RateLimitJson.read(body.getBytes()));
            var response = request.response().setStatusCode(reply.over() ? 429 : 200);
            reply.headers().forEach(response::putHeader);
            response.putHeader(HttpHeaders.CONTENT_TYPE, JSON).end(RateLimitJson.write(reply));
        } catch (GrpcRefusal refusal) {
            if (refusal.status() == GrpcRefusal.UNAVAILABLE) {
                text(request, 503, "Service Unavailable\n");
            } else {
                text(request, 400, "Bad Request\n");
            }
        } catch (IOException e) {
            counters.count(Outcome.INVALID);
            text(request, 400, "Bad Request\n");
        }
    }

    private static void text(HttpServerRequest request, int status, String text) {
        request.response()
                .setStatusCode(status)
                .putHeader(HttpHeaders.CONTENT_TYPE, TEXT)
                .end(text);
    }
}
