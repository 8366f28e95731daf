package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.decision.DecisionCounters;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.gateway.PresentedKey;
import io.bulwark.ratelimit.gateway.RouteOrder;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;

/**
 * gRPC on the HTTP port, by hand: a call is one HTTP/2 request with a length before its message. On the event loop, from
 * memory, and before every filter: a generic gRPC server costs twice as much per call. A call that is already decided is
 * not worth a timer, so {@code grpc-timeout} is not read.
 */
@ApplicationScoped
class GrpcRoute {
    private static final String RATE_LIMITS = "/envoy.service.ratelimit.v3.RateLimitService/";
    private static final String HEALTH = "/grpc.health.v1.Health/";

    /** {@code HealthCheckResponse.status}: SERVING and NOT_SERVING. */
    private static final byte[] SERVING = {8, 1};

    private static final byte[] NOT_SERVING = {8, 2};

    private static final String GRPC = "application/grpc";

    private final GatewayKeys keys;
    private final RateLimiting limiting;
    private final DecisionCounters counters;
    private final int maxMessage;

    GrpcRoute(GatewayKeys keys, RateLimiting limiting, DecisionCounters counters, EnvoyConfig config) {
        this.keys = keys;
        this.limiting = limiting;
        this.counters = counters;
        this.maxMessage = config.maxMessageSize();
    }

    void init(@Observes Router router) {
        router.route(RATE_LIMITS + "*").order(RouteOrder.PROTOCOLS).handler(this::rateLimits);
        router.route(HEALTH + "*").order(RouteOrder.PROTOCOLS).handler(this::health);
    }

    private void rateLimits(RoutingContext context) {
        var request = context.request();
        if (!isGrpc(request)) {
            return;
        }
        if (!request.path().equals(RATE_LIMITS + "ShouldRateLimit")) {
            GrpcCall.refuse(request, new GrpcRefusal(GrpcRefusal.UNIMPLEMENTED, "no such method"));
            return;
        }
        var key = PresentedKey.of(request.headers());
        var gateway = key == null ? null : keys.find(key).orElse(null);
        if (gateway == null) {
            counters.count(Outcome.UNAUTHENTICATED);
            GrpcCall.refuse(request, new GrpcRefusal(GrpcRefusal.UNAUTHENTICATED, "a gateway key is needed"));
            return;
        }
        var application = gateway.application();
        new GrpcCall(request, maxMessage, message -> {
                    try {
                        var query = RateLimitQuery.read(
                                message.getBytes(), GrpcCall.PREFIX, message.length() - GrpcCall.PREFIX);
                        return limiting.answer(application, query).bytes();
                    } catch (IOException e) {
                        throw new GrpcRefusal(GrpcRefusal.INTERNAL, "the message is no RateLimitRequest");
                    }
                })
                .receive();
    }

    private void health(RoutingContext context) {
        var request = context.request();
        if (!isGrpc(request)) {
            return;
        }
        if (!request.path().equals(HEALTH + "Check")) {
            GrpcCall.refuse(request, new GrpcRefusal(GrpcRefusal.UNIMPLEMENTED, "no such method"));
            return;
        }
        new GrpcCall(request, maxMessage, message -> limiting.isReady() ? SERVING : NOT_SERVING).receive();
    }

    private static boolean isGrpc(HttpServerRequest request) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        if (request.version() == HttpVersion.HTTP_2
                && request.method().equals(HttpMethod.POST)
                && type != null
                && type.startsWith(GRPC)) {
            return true;
        }
        request.response().setStatusCode(415).end(Buffer.buffer("gRPC over HTTP/2 is spoken here\n"));
        return false;
    }
}
