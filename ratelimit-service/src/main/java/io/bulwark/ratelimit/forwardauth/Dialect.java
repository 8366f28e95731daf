package io.bulwark.ratelimit.forwardauth;

import org.jspecify.annotations.Nullable;

/** How a gateway asks by status, and which statuses it understands. */
enum Dialect {
    /** {@code GET} or {@code POST /check[/endpoint]}: Traefik, Caddy, APISIX, HAProxy. Every status reaches the client as it is. */
    STATUS("/check"),
    /**
     * {@code GET /auth-request[/endpoint]}: nginx knows 2xx, 401 and 403 and makes 500 of anything else; it drops the body.
     * A refusal is 403, and the true status stands in {@code X-RateLimit-Status}.
     */
    AUTH_REQUEST("/auth-request"),
    /** Any method on {@code /ext-authz} and below: Envoy appends the client's own path. Only 200 allows, and 5xx is a failed check. */
    EXT_AUTHZ("/ext-authz");

    private final String path;

    Dialect(String path) {
        this.path = path;
    }

    String path() {
        return path;
    }

    /** Which one is spoken at this path; null at all others. */
    static @Nullable Dialect at(String path) {
        if (path.length() < 2) {
            return null;
        }
        return switch (path.charAt(1)) {
            case 'c' -> STATUS.isAt(path) ? STATUS : null;
            case 'a' -> AUTH_REQUEST.isAt(path) ? AUTH_REQUEST : null;
            case 'e' -> EXT_AUTHZ.isAt(path) ? EXT_AUTHZ : null;
            default -> null;
        };
    }

    private boolean isAt(String asked) {
        return asked.startsWith(path) && (asked.length() == path.length() || asked.charAt(path.length()) == '/');
    }
}
