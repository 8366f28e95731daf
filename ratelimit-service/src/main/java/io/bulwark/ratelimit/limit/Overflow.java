package io.bulwark.ratelimit.limit;

import java.util.concurrent.atomic.LongAdder;

/**
 * Where keys count for which the table has no room: many share a cell and are admitted together at {@value #SHARE} times
 * the rate of one. So a flood of new keys neither drives an active one out of the table nor shuts out everybody new.
 */
final class Overflow {
    private static final int SHARE = 64;
    private static final int BITS = 12; // no fewer than the stripes have, so that a cell has one lock

    private final long[] arrivals = new long[1 << BITS];
    private final LongAdder count = new LongAdder();

    boolean examine(Claims claims, int i, long now) {
        count.increment();
        return Gcra.examine(claims, i, arrival(claims, i, now), interval(claims.limit(i)), now);
    }

    void settle(Claims claims, int i, long now) {
        var limit = claims.limit(i);
        var arrival = arrival(claims, i, now);
        var room = Math.max(0, Gcra.latest(limit, now) - arrival);
        arrivals[cell(claims.key(i))] = arrival + Math.min(Limit.times(claims.cost(i), interval(limit)), room);
    }

    private long arrival(Claims claims, int i, long now) {
        return Math.max(now, arrivals[cell(claims.key(i))]);
    }

    long count() {
        return count.sum();
    }

    private static long interval(Limit limit) {
        return Math.max(1, limit.interval() / SHARE);
    }

    private static int cell(long key) {
        return (int) (key >>> Long.SIZE - BITS);
    }
}
