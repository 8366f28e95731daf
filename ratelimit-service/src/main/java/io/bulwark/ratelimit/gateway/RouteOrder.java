package io.bulwark.ratelimit.gateway;

/**
 * In which order requests meet the routes that gateways use: before every filter, and decisions first, for every route that
 * comes before them is looked at by each of them.
 */
public final class RouteOrder {
    /** Of the one route that every request of an application takes. */
    public static final int DECISIONS = Integer.MIN_VALUE + 1_000;

    /** Of the one route of all that is gRPC. */
    public static final int CALLS = DECISIONS + 1;

    /** Of the other protocols that gateways speak. */
    public static final int PROTOCOLS = CALLS + 1;

    private RouteOrder() {}
}
