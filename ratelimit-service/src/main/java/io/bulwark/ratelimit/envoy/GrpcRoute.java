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
    private static final String AUTHORIZATION = "/envoy.service.auth.v3.Authorization/";
    private static final String HEALTH = "/grpc.health.v1.Health/";

    /** {@code HealthCheckResponse.status}: SERVING and NOT_SERVING. */
    private static final byte[] SERVING = {8, 1};

    private static final byte[] NOT_SERVING = {8, 2};

    private static final String GRPC = "application/grpc";

    private final GatewayKeys keys;
    private final RateLimiting limiting;
    private final Authorizing authorizing;
    private final DecisionCounters counters;
    private final EnvoyConfig config;

    GrpcRoute(
            GatewayKeys keys,
            RateLimiting limiting,
            Authorizing authorizing,
            DecisionCounters counters,
            EnvoyConfig config) {
        this.keys = keys;
        this.limiting = limiting;
        this.authorizing = authorizing;
        this.counters = counters;
        this.config = config;
    }

    /** From a message, which begins after {@link GrpcCall#PREFIX} and is that long, to the message that answers it. */
    private interface Method {
        byte[] answer(GatewayProfile gateway, byte[] bytes, int length) throws IOException;
    }

    void init(@Observes Router router) {
        serve(
                router,
                RATE_LIMITS,
                "ShouldRateLimit",
                config.maxMessageSize(),
                (gateway, bytes, length) -> limiting.answer(
                                gateway.application(), RateLimitQuery.read(bytes, GrpcCall.PREFIX, length))
                        .bytes());
        serve(
                router,
                AUTHORIZATION,
                "Check",
                config.maxCheckSize(),
                (gateway, bytes, length) ->
                        authorizing.answer(gateway, AuthorizationQuery.read(bytes, GrpcCall.PREFIX, length)));
        router.route(HEALTH + "*").order(RouteOrder.PROTOCOLS).handler(this::health);
    }

    private void serve(Router router, String service, String name, int largest, Method method) {
        router.route(service + "*").order(RouteOrder.PROTOCOLS).handler(context -> {
            var request = context.request();
            if (isCallOf(request, service + name)) {
                answer(request, largest, method);
            }
        });
    }

    private void answer(HttpServerRequest request, int largest, Method method) {
        var key = PresentedKey.of(request.headers());
        var gateway = key == null ? null : keys.find(key).orElse(null);
        if (gateway == null) {
            counters.count(Outcome.UNAUTHENTICATED);
            GrpcCall.refuse(request, new GrpcRefusal(GrpcRefusal.UNAUTHENTICATED, "a gateway key is needed"));
            return;
        }
        var profile = gateway.profile();
        new GrpcCall(request, largest, message -> {
                    try {
                        return method.answer(profile, message.getBytes(), message.length() - GrpcCall.PREFIX);
                    } catch (IOException e) {
                        throw new GrpcRefusal(GrpcRefusal.INTERNAL, "the message is none that this method takes");
                    }
                })
                .receive();
    }

    private void health(RoutingContext context) {
        var request = context.request();
        if (isCallOf(request, HEALTH + "Check")) {
            new GrpcCall(request, config.maxMessageSize(), message -> limiting.isReady() ? SERVING : NOT_SERVING)
                    .receive();
        }
    }

    /** Refuses what is not. */
    private static boolean isCallOf(HttpServerRequest request, String path) {
        if (!isGrpc(request)) {
            return false;
        }
        if (!request.path().equals(path)) {
            GrpcCall.refuse(request, new GrpcRefusal(GrpcRefusal.UNIMPLEMENTED, "no such method"));
            return false;
        }
        return true;
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
