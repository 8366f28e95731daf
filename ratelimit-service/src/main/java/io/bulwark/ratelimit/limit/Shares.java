package io.bulwark.ratelimit.limit;

import java.util.SortedMap;

/**
 * This replica's share of the small limits, where several replicas count: each has so much of the burst and of the rate that
 * the sum is the limit, and so none is exceeded, whatever the others admit before one hears of it. A share has an arrival
 * time of its own, the second one of the key's cell, which moves as many times as fast as there are members. When they
 * change, it begins anew at the arrival time that all of them know: what one has used beyond its new share, unheard, the
 * others divide once more. Whoever calls holds the lock of the key's stripe.
 */
final class Shares {
    /**
     * A limit from this on is not divided: little is exceeded by what the others have not heard of yet. What it usually is
     * counts: a share that began when a posture makes the limit stricter would be given once more.
     */
    static final long LARGE = 1_000;

    private static final int STRIPES = 1 << Stripes.BITS;

    private final CellTable rates;
    private final int[] members = new int[STRIPES];
    private final int[] positions = new int[STRIPES];
    private final long[] splits = new long[STRIPES];
    private final Stripes stripes;
    private final LogShares logs;

    Shares(CellTable rates, Stripes stripes) {
        this.rates = rates;
        this.stripes = stripes;
        this.logs = new LogShares(this, stripes);
    }

    /** Whether a limit is divided for now. */
    boolean divide(Limit limit, long key) {
        return members[Stripes.of(key)] > 1 && limit.usualQuota() < LARGE;
    }

    /** How many divide it. */
    int members(long key) {
        return members[Stripes.of(key)];
    }

    /** When they last changed. */
    long splitAt(long key) {
        return splits[Stripes.of(key)];
    }

    LogShares logs() {
        return logs;
    }

    /**
     * Takes back what the whole limit allows where this replica's share does not. A share alone is no measure: it knows
     * nothing of what was counted while the limit was large.
     */
    boolean examine(Claims claims, int i, int cell, long now) {
        var limit = claims.limit(i);
        var key = claims.key(i);
        var latest = Gcra.latest(limit, now);
        if (rates.secondTime(cell) > latest) {
            rates.secondTime(cell, latest);
        }
        var arrival = Gcra.pending(claims, i, Math.max(now, rates.secondTime(cell)));
        var allIsOver = claims.isOver(i);
        var left = claims.remaining(i);
        var reset = claims.resetNanos(i);
        var retry = claims.retryNanos(i);
        var interval = interval(limit, key);
        var tolerance = Limit.times(burst(limit, key), interval);
        var isOver = Gcra.examine(claims, i, arrival, interval, tolerance, largestBurst(limit, key), now);
        if (allIsOver) {
            claims.state(i, arrival);
            // until both admit it, and what passes nowhere is not to come back
            claims.result(
                    i,
                    true,
                    Math.min(left, claims.remaining(i)),
                    Math.max(reset, claims.resetNanos(i)),
                    Math.max(retry, claims.retryNanos(i)));
            claims.exceeded(i);
        } else if (!isOver) {
            claims.result(i, false, Math.min(left, claims.remaining(i)), claims.resetNanos(i), 0);
        }
        return allIsOver || isOver;
    }

    /** Notes what a claim is charged, and by how many nanoseconds the arrival time has moved. */
    long settle(Claims claims, int i, int cell, long now) {
        var before = Math.max(now, rates.secondTime(cell));
        var after = Gcra.charged(claims, i, before, interval(claims.limit(i), claims.key(i)), now);
        rates.secondTime(cell, after);
        return after - before;
    }

    /** How much may come here at once: the sum over all members is the burst. */
    long burst(Limit limit, long key) {
        var stripe = Stripes.of(key);
        var count = members[stripe];
        if (positions[stripe] < 0) {
            return 0;
        }
        // who gets one more is another member for each key
        var turn = (positions[stripe] + (int) (key & 0xFFFF)) % count;
        return limit.burst() / count + (turn < limit.burst() % count ? 1 : 0);
    }

    /** How much may come at once where the most may: what costs more passes nowhere. */
    long largestBurst(Limit limit, long key) {
        return Math.ceilDiv(limit.burst(), members[Stripes.of(key)]);
    }

    /** Nanoseconds until one more may come here, on average. */
    long interval(Limit limit, long key) {
        return Limit.times(limit.interval(), members[Stripes.of(key)]);
    }

    /**
     * Begins anew, with as much consumed as is known.
     *
     * @param position of this replica among the members; negative where it has no share
     * @param unread what the others may not have heard of yet, though it was told: nanoseconds of charge by key, keys in
     *     unsigned order
     */
    void split(int count, int position, long now, SortedMap<Long, Long> unread) {
        if (count > 1) {
            rates.addSecondTimes();
        }
        var waiting = unread.entrySet().iterator();
        var next = waiting.hasNext() ? waiting.next() : null;
        for (var stripe = 0; stripe < STRIPES; stripe++) {
            stripes.lock(stripe);
            try {
                members[stripe] = count;
                positions[stripe] = position;
                splits[stripe] = now;
                if (count > 1) {
                    copy(stripe, count);
                    while (next != null && Stripes.of(next.getKey()) == stripe) {
                        charge(next.getKey(), Limit.times(next.getValue(), count - 1));
                        next = waiting.hasNext() ? waiting.next() : null;
                    }
                }
            } finally {
                stripes.unlock(stripe);
            }
        }
    }

    /** What only this replica knows of, it has to have had from its own share. */
    private void copy(int stripe, int count) {
        var regions = rates.regionsOfStripe();
        var first = rates.start(stripe * regions);
        for (var cell = first; cell < first + rates.start(regions); cell += rates.width()) {
            var arrival = rates.get(cell, CellTable.LIVE_UNTIL);
            var untold = rates.get(cell, CellTable.CHANGED);
            rates.secondTime(cell, later(arrival, Limit.times(untold, count - 1)));
        }
    }

    private void charge(long key, long charge) {
        var cell = rates.find(key);
        if (cell != CellTable.NONE) {
            rates.secondTime(cell, later(rates.secondTime(cell), charge));
        }
    }

    private static long later(long arrival, long charge) {
        return charge > Long.MAX_VALUE / 2 - arrival / 2 ? arrival : arrival + charge;
    }
}
