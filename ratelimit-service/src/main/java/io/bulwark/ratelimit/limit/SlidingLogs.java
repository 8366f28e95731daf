package io.bulwark.ratelimit.limit;

/**
 * The logs of one limit: a cell per key with the times of the last admissions, as many as the quota, as a ring. Whoever
 * calls holds the lock of the key.
 */
final class SlidingLogs {
    private static final int NEXT = 2;
    private static final int TIMES = 3;
    private static final int BUDGET = 1 << 21; // words, 16 MiB for each limit
    private static final int MOST_BITS = 12;

    private final CellTable cells;
    private final int quota;
    private final long window;

    SlidingLogs(Limit limit) {
        this.quota = (int) limit.quota();
        this.window = limit.windowNanos();
        var regions = BUDGET / (CellTable.SLOTS * (TIMES + quota));
        var bits = Integer.SIZE - 1 - Integer.numberOfLeadingZeros(regions);
        this.cells = new CellTable(Math.clamp(bits, Stripes.BITS, MOST_BITS), TIMES + quota);
    }

    /** A stricter limit counts in the log of the usual one, and goes on from there. */
    boolean fits(Limit limit) {
        return quota >= limit.quota() && window == limit.windowNanos();
    }

    /** The key's cell, or {@link CellTable#NONE} where there is no room. */
    int take(long key, long now) {
        return cells.take(key, now);
    }

    boolean examine(Claims claims, int i, int cell, long now) {
        var before = now - window;
        var cost = claims.cost(i);
        var used = pending(claims, i);
        var newest = used > 0 ? now : 0;
        for (var entry = 0; entry < quota; entry++) {
            var at = cells.get(cell, TIMES + entry);
            if (at > before) {
                used++;
                newest = Math.max(newest, at);
            }
        }
        var allowed = claims.limit(i).quota();
        var left = Math.max(0, allowed - used);
        var isOver = allowed == 0 || cost > left;
        var reset = newest == 0 ? 0 : newest + window - now;
        if (isOver) {
            claims.result(
                    i,
                    true,
                    left,
                    reset,
                    cost > allowed || allowed == 0 ? Claims.NEVER : retry(cell, (int) (used + cost - allowed), now));
        } else {
            claims.result(i, false, left - cost, cost == 0 ? reset : window, 0);
        }
        return isOver;
    }

    void settle(int cell, long cost, long now) {
        var next = (int) cells.get(cell, NEXT);
        for (var i = 0; i < Math.min(cost, quota); i++) {
            cells.set(cell, TIMES + next, now);
            next = next + 1 == quota ? 0 : next + 1;
        }
        cells.set(cell, NEXT, next);
        cells.set(cell, CellTable.LIVE_UNTIL, now + window);
    }

    void forget(long key) {
        cells.forget(key);
    }

    int live(long now) {
        return cells.live(now);
    }

    /** When so many of the oldest that still count do not any more. */
    private long retry(int cell, int leaving, long now) {
        var oldest = (int) cells.get(cell, NEXT);
        var left = leaving;
        for (var i = 0; i < quota; i++) {
            var at = cells.get(cell, TIMES + (oldest + i) % quota);
            if (at > now - window && --left == 0) {
                return at + window - now;
            }
        }
        return window;
    }

    /** What earlier claims of the same request ask of the same key. */
    private static int pending(Claims claims, int i) {
        var pending = 0;
        for (var j = 0; j < i; j++) {
            if (claims.key(j) == claims.key(i) && !claims.isOver(j)) {
                pending += (int) Math.min(claims.cost(j), Limit.LOG_LARGEST);
            }
        }
        return pending;
    }
}
