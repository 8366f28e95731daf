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
    boolean examine(Claims claims, int i, SlidingLogs all, int cell, long now) {
        var limit = claims.limit(i);
        var key = claims.key(i);
        var cells = own.of(limit);
        var mine = cells.take(key, now);
        var division = shares.division(key);
        var admitted = new Admitted(all, cell, cells, mine, now - limit.windowNanos());
        var left = mine == CellTable.NONE
                ? 0
                : Math.max(0, division.left(limit, key, admitted, Long.MAX_VALUE) - claims.pending(i));
        var isOver = claims.cost(i) > left;
        if (isOver) {
            var retry = Shares.retry(division, Math.min(limit.windowNanos(), division.interval(limit)));
            claims.result(
                    i,
                    true,
                    left,
                    claims.resetNanos(i),
                    claims.cost(i) > division.largestBurst(limit) ? Claims.NEVER : retry);
        } else {
            claims.result(i, false, Math.min(claims.remaining(i), left - claims.cost(i)), claims.resetNanos(i), 0);
        }
        return isOver;
    }

    void settle(Claims claims, int i, long now) {
        var cells = own.of(claims.limit(i));
        var cell = cells.take(claims.key(i), now);
        if (cell != CellTable.NONE) {
            cells.settle(cell, claims.cost(i), now);
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
