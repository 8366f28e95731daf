package io.bulwark.ratelimit.gateway;

/** In which order requests meet the routes that gateways use: before every filter. */
public final class RouteOrder {
    /** Of {@link FastPath}. */
    static final int FAST = Integer.MIN_VALUE + 1_000;

    /** Of the protocols that gateways speak besides. */
    public static final int PROTOCOLS = FAST + 1;

    private RouteOrder() {}
}
