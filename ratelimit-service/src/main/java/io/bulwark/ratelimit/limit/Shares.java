package io.bulwark.ratelimit.limit;

import java.util.Arrays;
import java.util.SortedMap;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * This replica's share of the small limits, where several replicas count: each has so much of the burst and of the rate that
 * the sum is the limit, and so none is exceeded, whatever the others admit before one hears of it. A share has an arrival
 * time of its own, the second one of the key's cell, which moves as many times as fast as there are members. When all have
 * agreed on who they are, it begins anew at the arrival time that all of them know; until then, see {@link Division}.
 * Whoever calls holds the lock of the key's stripe.
 */
final class Shares {
    /**
     * A limit from this on is not divided: little is exceeded by what the others have not heard of yet. What it usually is
     * counts: a share that began when a posture makes the limit stricter would be given once more.
     */
    static final long LARGE = 1_000;

    private static final int STRIPES = 1 << Stripes.BITS;
    private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

    private final CellTable rates;
    private final Division[] divisions = new Division[STRIPES];
    private final Stripes stripes;
    private final LogShares logs;

    Shares(CellTable rates, Stripes stripes) {
        this.rates = rates;
        this.stripes = stripes;
        this.logs = new LogShares(this, stripes);
        Arrays.fill(divisions, Division.WHOLE);
    }

    /** Whether a limit is divided for now. */
    boolean divide(Limit limit, long key) {
        return limit.usualQuota() < LARGE && !division(key).isWhole();
    }

    Division division(long key) {
        return divisions[Stripes.of(key)];
    }

    LogShares logs() {
        return logs;
    }

    /**
     * Takes back what the whole limit allows where this replica's share does not. A share alone is no measure: it knows
     * nothing of what was counted while the limit was large.
     */
    boolean examine(Claim claim, int cell, long now) {
        var limit = claim.limit();
        var key = claim.key();
        var latest = Gcra.latest(limit, now);
        if (rates.secondTime(cell) > latest) {
            rates.secondTime(cell, latest);
        }
        var arrival = claim.arrivalAfterEarlier(Math.max(now, rates.secondTime(cell)));
        var allIsOver = claim.isOver();
        var left = claim.remaining();
        var reset = claim.resetNanos();
        var retry = claim.retryNanos();
        var division = division(key);
        var isOver = Gcra.examine(
                claim,
                arrival,
                division.interval(limit),
                division.tolerance(limit, key),
                division.largestBurst(limit),
                now);
        if (isOver) {
            claim.retry(retry(division, claim.retryNanos()));
        }
        if (allIsOver) {
            claim.arrival(arrival);
            // until both admit it, and what passes nowhere is not to come back
            claim.result(
                    true,
                    Math.min(left, claim.remaining()),
                    Math.max(reset, claim.resetNanos()),
                    Math.max(retry, claim.retryNanos()));
            claim.exceed();
        } else if (!isOver) {
            claim.result(false, Math.min(left, claim.remaining()), claim.resetNanos(), 0);
        }
        return allIsOver || isOver;
    }

    /** How long whoever was refused is to wait: while the members change, nobody knows what it will be next. */
    static long retry(Division division, long nanos) {
        return nanos == Claim.NEVER || division.before() == null ? nanos : Math.min(nanos, SECOND);
    }

    /** Notes what a claim is charged, and by how many nanoseconds the arrival time has moved. */
    long settle(Claim claim, int cell, long now) {
        var before = Math.max(now, rates.secondTime(cell));
        var interval = division(claim.key()).interval(claim.limit());
        var after = Gcra.charged(claim, before, interval, now);
        rates.secondTime(cell, after);
        return after - before;
    }

    /**
     * Others than before are members, who have not agreed on it yet. Each stripe changes while it is locked, and at that time:
     * what was admitted by the whole is not noted as this one's own, and may not seem to come later.
     */
    void change(int count, int position, LongSupplier nanoClock) {
        rates.addSecondTimes();
        for (var stripe = 0; stripe < STRIPES; stripe++) {
            stripes.lock(stripe);
            try {
                if (divisions[stripe].isWhole()) {
                    copy(stripe, 1);
                }
                divisions[stripe] = divisions[stripe].changing(count, position, nanoClock.getAsLong());
            } finally {
                stripes.unlock(stripe);
            }
        }
    }

    /**
     * All members agree: a share begins anew, with as much consumed as is known.
     *
     * @param unread what the others may not have heard of yet, though it was told: nanoseconds of charge by key, keys in
     *     unsigned order
     */
    void split(Division division, SortedMap<Long, Long> unread) {
        if (!division.isWhole()) {
            rates.addSecondTimes();
        }
        var waiting = unread.entrySet().iterator();
        var next = waiting.hasNext() ? waiting.next() : null;
        for (var stripe = 0; stripe < STRIPES; stripe++) {
            stripes.lock(stripe);
            try {
                divisions[stripe] = division;
                if (!division.isWhole()) {
                    copy(stripe, division.members());
                    while (next != null && Stripes.of(next.getKey()) == stripe) {
                        charge(next.getKey(), Limit.times(next.getValue(), division.members() - 1));
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
