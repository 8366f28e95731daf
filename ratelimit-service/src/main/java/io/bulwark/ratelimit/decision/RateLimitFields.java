package io.bulwark.ratelimit.decision;

import io.bulwark.ratelimit.gateway.HeaderProfile;
import io.vertx.core.http.HttpHeaders;

/**
 * Tells a client what it has left: of the limit that is closest, or that refuses (draft-ietf-httpapi-ratelimit-headers-11,
 * and what went before it). No partition keys: they would tell one client of another's.
 */
public final class RateLimitFields {
    private static final CharSequence POLICY = HttpHeaders.createOptimized("RateLimit-Policy");
    private static final CharSequence STATE = HttpHeaders.createOptimized("RateLimit");
    private static final CharSequence X_LIMIT = HttpHeaders.createOptimized("X-RateLimit-Limit");
    private static final CharSequence X_REMAINING = HttpHeaders.createOptimized("X-RateLimit-Remaining");
    private static final CharSequence X_RESET = HttpHeaders.createOptimized("X-RateLimit-Reset");
    private static final CharSequence LEGACY_LIMIT = HttpHeaders.createOptimized("RateLimit-Limit");
    private static final CharSequence LEGACY_REMAINING = HttpHeaders.createOptimized("RateLimit-Remaining");
    private static final CharSequence LEGACY_RESET = HttpHeaders.createOptimized("RateLimit-Reset");

    private RateLimitFields() {}

    public static void write(ResponseFields response, Standing standing, HeaderProfile profile) {
        switch (profile) {
            case IETF -> {
                response.put(POLICY, standing.policy().field());
                response.put(STATE, state(standing));
            }
            case X_RATELIMIT -> write(response, standing, X_LIMIT, X_REMAINING, X_RESET);
            case RATELIMIT_LEGACY -> write(response, standing, LEGACY_LIMIT, LEGACY_REMAINING, LEGACY_RESET);
            case NONE -> {}
        }
    }

    private static void write(
            ResponseFields response,
            Standing standing,
            CharSequence limit,
            CharSequence remaining,
            CharSequence reset) {
        response.put(limit, Long.toString(standing.limit().quota()));
        response.put(remaining, Long.toString(standing.remaining()));
        response.put(reset, Long.toString(standing.resetSeconds()));
    }

    private static String state(Standing standing) {
        return '"' + standing.limit().name() + "\";r=" + standing.remaining() + ";t=" + standing.resetSeconds();
    }
}
