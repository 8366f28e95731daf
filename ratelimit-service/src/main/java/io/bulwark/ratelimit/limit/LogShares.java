package io.bulwark.ratelimit.limit;

import java.util.Collection;

/**
 * This replica's shares of limits that are counted by sliding logs: what it admits itself is noted in a log of its own, and
 * since the members last changed it has no more of that than its part of what was left then. Whoever calls holds the lock of
 * the key's stripe.
 */
final class LogShares {
    private final Shares shares;
    private final LogsByLimit own;

    LogShares(Shares shares, Stripes stripes) {
        this.shares = shares;
        this.own = new LogsByLimit(stripes);
    }

    /** Takes back what the log of all allows where this replica's share does not. */
    boolean examine(Claim claim, SlidingLogs all, int cell, long now) {
        var limit = claim.limit();
        var key = claim.key();
        var cells = own.of(limit);
        var mine = cells.take(key, now);
        var division = shares.division(key);
        var admitted = new Admitted(all, cell, cells, mine, now - limit.windowNanos());
        var left = mine == CellTable.NONE
                ? 0
                : Math.max(0, division.left(limit, key, admitted, Long.MAX_VALUE) - claim.pending());
        var isOver = claim.cost() > left;
        if (isOver) {
            var retry = Shares.retry(division, Math.min(limit.windowNanos(), division.interval(limit)));
            claim.result(
                    true, left, claim.resetNanos(), claim.cost() > division.largestBurst(limit) ? Claim.NEVER : retry);
        } else {
            claim.result(false, Math.min(claim.remaining(), left - claim.cost()), claim.resetNanos(), 0);
        }
        return isOver;
    }

    void settle(Claim claim, long now) {
        var cells = own.of(claim.limit());
        var cell = cells.take(claim.key(), now);
        if (cell != CellTable.NONE) {
            cells.settle(cell, claim.cost(), now);
        }
    }

    void keep(Collection<Limit> limits, long now) {
        own.keep(limits, now);
    }

    void forget(long key) {
        own.forget(key);
    }

    private record Admitted(SlidingLogs all, int cell, SlidingLogs own, int mine, long begin)
            implements Division.UsedLog {
        @Override
        public long anywhere(long upTo) {
            return all.count(cell, begin, upTo);
        }

        @Override
        public long here(long after, long upTo) {
            return own.count(mine, Math.max(begin, after), upTo);
        }
    }
}
