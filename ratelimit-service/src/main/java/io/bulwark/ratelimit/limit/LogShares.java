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
        var split = shares.splitAt(key);
        var begin = now - limit.windowNanos();
        var before = all.count(cell, begin, split);
        var since = claims.pending(i)
                + (mine == CellTable.NONE ? 0 : cells.count(mine, Math.max(begin, split), Long.MAX_VALUE));
        var share = mine == CellTable.NONE ? 0 : shares.burst(limit, key) - Math.ceilDiv(before, shares.members(key));
        var left = Math.max(0, share - since);
        var isOver = claims.cost(i) > left;
        if (isOver) {
            var retry = Math.min(limit.windowNanos(), shares.interval(limit, key));
            claims.result(
                    i,
                    true,
                    left,
                    claims.resetNanos(i),
                    claims.cost(i) > shares.largestBurst(limit, key) ? Claims.NEVER : retry);
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
}
