package io.bulwark.ratelimit.gateway;

import io.netty.util.AsciiString;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import org.jspecify.annotations.Nullable;

/** The key that a request presents. */
public final class PresentedKey {
    private static final CharSequence X_BULWARK_KEY = HttpHeaders.createOptimized("X-Bulwark-Key");
    private static final CharSequence X_API_KEY = HttpHeaders.createOptimized("X-Api-Key");
    private static final String BEARER = "Bearer ";
    private static final String NOBODYS = "";

    private PresentedKey() {}

    /**
     * What stands in {@code X-Bulwark-Key}, whatever it is, or else in {@code X-Api-Key}; only without both does
     * {@code Authorization} count, which may be the end user's.
     *
     * @return null where there is none and the caller may have a token instead
     */
    public static @Nullable String of(MultiMap headers) {
        var own = headers.get(X_BULWARK_KEY);
        var shared = headers.get(X_API_KEY);
        if (own != null) {
            // one of them is a client's, who could so be asked about as if it were another application's
            return shared != null && GatewayKey.isOne(shared) ? NOBODYS : own;
        }
        return shared == null ? bearer(headers) : shared;
    }

    /** Whether this is the header in which a request that presents a key or a token does so: it is none of the client's then. */
    public static boolean isIn(MultiMap headers, String name) {
        return AsciiString.contentEqualsIgnoreCase(header(headers), name);
    }

    private static CharSequence header(MultiMap headers) {
        if (headers.contains(X_BULWARK_KEY)) {
            return X_BULWARK_KEY;
        }
        return headers.contains(X_API_KEY) ? X_API_KEY : HttpHeaders.AUTHORIZATION;
    }

    private static @Nullable String bearer(MultiMap headers) {
        var authorization = headers.get(HttpHeaders.AUTHORIZATION);
        return authorization != null
                        && authorization.regionMatches(true, 0, BEARER, 0, BEARER.length())
                        && authorization.startsWith(GatewayKey.PREFIX, BEARER.length())
                ? authorization.substring(BEARER.length())
                : null;
    }
}
