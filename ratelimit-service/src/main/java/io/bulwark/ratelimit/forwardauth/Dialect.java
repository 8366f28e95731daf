package io.bulwark.ratelimit.forwardauth;

import org.jspecify.annotations.Nullable;

/** How a gateway asks by status, and which statuses it understands. */
enum Dialect {
    /** {@code GET /check[/endpoint]}: Traefik, Caddy, APISIX, HAProxy. Every status reaches the client as it is. */
    STATUS("/check"),
    /**
     * {@code GET /auth-request[/endpoint]}: nginx knows 2xx, 401 and 403 and makes 500 of anything else; it drops the body.
     * A refusal is 403, and the true status stands in {@code X-RateLimit-Status}.
     */
    AUTH_REQUEST("/auth-request"),
    /**
     * Any method on {@code /ext-authz} and below: Envoy appends the client's own path. It takes 5xx for a failed check, so a
     * 503 that is a decision becomes 429, and the true status stands in {@code X-RateLimit-Status}.
     */
    EXT_AUTHZ("/ext-authz");

    private static final int TOO_MANY_REQUESTS = 429;
    private static final int FORBIDDEN = 403;
    private static final int FIRST_SERVER_ERROR = 500;

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

    /** What to answer for a refusal that is truly this. */
    int refusal(int status) {
        return switch (this) {
            case STATUS -> status;
            case AUTH_REQUEST -> FORBIDDEN;
            case EXT_AUTHZ -> status >= FIRST_SERVER_ERROR ? TOO_MANY_REQUESTS : status;
        };
    }

    private boolean isAt(String asked) {
        return asked.startsWith(path) && (asked.length() == path.length() || asked.charAt(path.length()) == '/');
    }
}
