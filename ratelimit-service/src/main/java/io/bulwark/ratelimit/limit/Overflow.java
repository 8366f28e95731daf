package io.bulwark.ratelimit.limit;

import java.util.concurrent.atomic.LongAdder;

/**
 * Where keys count for which the table has no room: many share a cell and are admitted together at {@value #SHARE} times
 * the rate of one. So a flood of new keys neither drives an active one out of the table, nor shuts out everybody new until it
 * has used up what four million keys may use. Limits of about the same tolerance share cells, or a slow one would leave nothing
 * to the fast ones in its cell.
 */
final class Overflow {
    private static final int SHARE = 16;
    private static final int BITS = 18; // 2 MiB; no fewer than the stripes have, so that a cell has one lock

    /** By the tolerance's number of bits; each made once it is needed. */
    private final long[][] arrivals = new long[Long.SIZE][];

    private final LongAdder count = new LongAdder();

    boolean examine(Claim claim, long now) {
        count.increment();
        return Gcra.examine(claim, arrival(claim, now), interval(claim.limit()), now);
    }

    void settle(Claim claim, long now) {
        var limit = claim.limit();
        var arrival = arrival(claim, now);
        var room = Math.max(0, Gcra.latest(limit, now) - arrival);
        arrivals(limit)[cell(claim.key())] = arrival + Math.min(Limit.times(claim.cost(), interval(limit)), room);
    }

    private long arrival(Claim claim, long now) {
        return Math.max(now, arrivals(claim.limit())[cell(claim.key())]);
    }

    long count() {
        return count.sum();
    }

    private long[] arrivals(Limit limit) {
        var bits = Long.SIZE - Long.numberOfLeadingZeros(limit.tolerance());
        var known = arrivals[bits];
        return known == null ? made(bits) : known;
    }

    private synchronized long[] made(int bits) {
        if (arrivals[bits] == null) {
            arrivals[bits] = new long[1 << BITS];
        }
        return arrivals[bits];
    }

    private static long interval(Limit limit) {
        return Math.max(1, limit.interval() / SHARE);
    }

    private static int cell(long key) {
        return (int) (key >>> Long.SIZE - BITS);
    }
}
