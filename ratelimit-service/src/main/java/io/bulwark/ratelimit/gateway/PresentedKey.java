package io.bulwark.ratelimit.gateway;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** The key that a request presents. */
public final class PresentedKey {
    private static final CharSequence X_API_KEY = HttpHeaders.createOptimized("X-Api-Key");
    private static final String BEARER = "Bearer ";

    private PresentedKey() {}

    /**
     * What stands in {@code X-Api-Key}, whatever it is; only without it does {@code Authorization} count, which may be the
     * end user's.
     *
     * @return null where there is none and the caller may have a token instead
     */
    public static @Nullable String of(MultiMap headers) {
        var key = headers.get(X_API_KEY);
        if (key != null) {
            return key;
        }
        var authorization = headers.get(HttpHeaders.AUTHORIZATION);
        return authorization != null
                        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        && authorization.startsWith(GatewayKey.PREFIX, BEARER.length())
                ? authorization.substring(BEARER.length())
                : null;
    }
}
