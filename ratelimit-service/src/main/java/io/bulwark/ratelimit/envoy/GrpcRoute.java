package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.decision.DecisionCounters;
import io.bulwark.ratelimit.decision.Outcome;
import io.bulwark.ratelimit.gateway.FastRoute;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.gateway.PresentedKey;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import jakarta.inject.Singleton;
import java.io.IOException;

/**
 * gRPC on the HTTP port, by hand: a call is one HTTP/2 request with a length before its message, and a generic gRPC server
 * costs twice as much per call. A call that is already decided is not worth a timer, so {@code grpc-timeout} is not read.
 */
@Singleton
class GrpcRoute implements FastRoute {
    private static final String SHOULD_RATE_LIMIT = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
    private static final String CHECK = "/envoy.service.auth.v3.Authorization/Check";
    private static final String HEALTH = "/grpc.health.v1.Health/Check";

    /** {@code HealthCheckResponse.status}: SERVING and NOT_SERVING. */
    private static final Buffer SERVING = new MessageWriter().number(1, 1).framed();

    private static final Buffer NOT_SERVING = new MessageWriter().number(1, 2).framed();

    /** Enough for the name of a service; anybody may ask. */
    private static final int LARGEST_HEALTH_CHECK = 1_024;

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

    /** From a message, which begins after {@link GrpcCall#PREFIX} and is that long, to the one that answers it, framed. */
    private interface Method {
        Buffer answer(GatewayProfile gateway, byte[] bytes, int length) throws IOException;
    }

    @Override
    public boolean answers(HttpServerRequest request) {
        if (!isCall(request.path())) {
            return false;
        }
        if (isGrpc(request)) {
            answer(request);
        } else {
            request.response().setStatusCode(415).end(Buffer.buffer("gRPC over HTTP/2 is spoken here\n"));
        }
        return true;
    }

    private static boolean isCall(String path) {
        return path.startsWith("/envoy.service.") || path.startsWith("/grpc.");
    }

    private static boolean isGrpc(HttpServerRequest request) {
        var type = request.getHeader(HttpHeaders.CONTENT_TYPE);
        return request.version() == HttpVersion.HTTP_2
                && request.method().equals(HttpMethod.POST)
                && type != null
                && type.startsWith(GRPC);
    }

    private void answer(HttpServerRequest request) {
        switch (request.path()) {
            case SHOULD_RATE_LIMIT -> answer(request, config.maxMessageSize(), this::shouldRateLimit);
            case CHECK -> answer(request, config.maxCheckSize(), this::check);
            case HEALTH ->
                new GrpcCall(request, LARGEST_HEALTH_CHECK, message -> limiting.isReady() ? SERVING : NOT_SERVING)
                        .receive();
            default -> GrpcCall.refuse(request, new GrpcRefusal(GrpcRefusal.UNIMPLEMENTED, "no such method"));
        }
    }

    private Buffer shouldRateLimit(GatewayProfile gateway, byte[] bytes, int length) throws IOException {
        return limiting.answer(gateway, RateLimitQuery.read(bytes, GrpcCall.PREFIX, length))
                .framed();
    }

    private Buffer check(GatewayProfile gateway, byte[] bytes, int length) throws IOException {
        return authorizing.answer(gateway, AuthorizationQuery.read(bytes, GrpcCall.PREFIX, length));
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
}
