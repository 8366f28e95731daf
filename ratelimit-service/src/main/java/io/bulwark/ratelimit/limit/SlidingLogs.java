package io.bulwark.ratelimit.limit;

import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The logs of one limit: a cell per key with the times of the last admissions, as many as the quota, as an ascending
 * ring. Whoever calls holds the lock of the key.
 */
final class SlidingLogs {
    private static final int SLOTS = 64;
    private static final int NEXT = 3;
    private static final int TIMES = 4;
    private static final int BUDGET = 1 << 19; // words, 4 MiB for a limit, more only where the fewest regions need it
    private static final int MOST_REGIONS = 16; // of a stripe

    private final CellTable cells;
    private final Changes changes;
    private final long limit;
    private final int quota;
    private final long window;
    private final Stripes stripes;

    /** The log before the limit changed, until all of it is taken over. */
    private volatile @Nullable SlidingLogs former;

    private volatile boolean replaced;

    /** As large as the usual limit: a stricter one counts in the same log. */
    SlidingLogs(Limit limit, Stripes stripes) {
        this(
                limit.id(),
                (int) Math.max(limit.quota(), Math.min(limit.usualQuota(), Limit.LOG_LARGEST)),
                limit.windowNanos(),
                stripes);
    }

    /** @param limit the limit's id */
    SlidingLogs(long limit, int quota, long window, Stripes stripes) {
        this.limit = limit;
        this.quota = quota;
        this.window = window;
        var regions = (BUDGET / (SLOTS * (TIMES + quota))) >>> Stripes.BITS;
        this.cells = new CellTable(SLOTS, Math.clamp(regions, 1, MOST_REGIONS), TIMES + quota);
        this.changes = new Changes(cells, stripes);
        this.stripes = stripes;
    }

    boolean fits(Limit limit) {
        return quota >= limit.quota() && window == limit.windowNanos();
    }

    /** A log that fits what the limit is now, and goes on from this one, which nobody writes to from now on. */
    SlidingLogs replacedBy(Limit limit) {
        var made = new SlidingLogs(limit, stripes);
        made.former = this;
        replaced = true;
        return made;
    }

    /** Takes over what was counted before the limit changed, and tells of it again: others may have lost it, or never known it. */
    void takeOver(long now) {
        var before = former;
        if (before == null) {
            return;
        }
        for (var region = 0; region < before.regions(); region++) {
            before.walk(region, cell -> recall(before.cells.get(cell, CellTable.KEY), now));
        }
        former = null;
    }

    /** The key's cell, or {@link CellTable#NONE} where there is no room. */
    int take(long key, long now) {
        recall(key, now);
        return cells.take(key, now);
    }

    /** Whoever asks for a key does not wait until its turn comes. */
    private void recall(long key, long now) {
        var before = former;
        if (before == null || quota == 0 || cells.find(key) != CellTable.NONE) {
            return;
        }
        var cell = before.cells.find(key);
        if (cell == CellTable.NONE) {
            return;
        }
        var times = new long[before.quota];
        add(key, times, before.ascending(cell, times), now);
        var taken = cells.find(key);
        if (taken != CellTable.NONE) {
            noteChange(taken);
        }
    }

    boolean examine(Claim claim, int cell, long now) {
        var before = now - window;
        var cost = claim.cost();
        var used = claim.pending();
        var newest = used > 0 ? now : 0;
        for (var entry = 0; entry < quota; entry++) {
            var at = cells.get(cell, TIMES + entry);
            if (at > before) {
                used++;
                newest = Math.max(newest, at);
            }
        }
        var allowed = Math.min(quota, claim.limit().quota()); // the log is replaced a moment after the limit
        var left = Math.max(0, allowed - used);
        var isOver = allowed == 0 || cost > left;
        var reset = newest == 0 ? 0 : newest + window - now;
        if (isOver) {
            claim.result(
                    true,
                    left,
                    reset,
                    cost > allowed || allowed == 0 ? Claim.NEVER : retry(cell, (int) (used + cost - allowed), now));
        } else {
            claim.result(false, left - cost, cost == 0 ? reset : window, 0);
        }
        return isOver;
    }

    void settle(int cell, long cost, long now) {
        if (quota == 0) {
            return; // what is never admitted has nothing to tell of
        }
        var next = (int) cells.get(cell, NEXT);
        for (var i = 0; i < Math.min(cost, quota); i++) {
            insert(cell, next, now);
            next = next + 1 == quota ? 0 : next + 1;
        }
        cells.set(cell, NEXT, next);
        cells.set(cell, CellTable.LIVE_UNTIL, Math.max(cells.get(cell, CellTable.LIVE_UNTIL), now + window));
        noteChange(cell);
    }

    private void noteChange(int cell) {
        if (cells.get(cell, CellTable.CHANGED) == 0) {
            cells.set(cell, CellTable.CHANGED, 1);
            changes.note(cells.get(cell, CellTable.KEY));
        }
    }

    /** Keeps the ring ascending: a replica whose clock is ahead, or a thread that was faster, has noted later ones. */
    private void insert(int cell, int next, long at) {
        var place = next;
        for (var moved = 1; moved < quota; moved++) {
            var before = (place == 0 ? quota : place) - 1;
            var known = cells.get(cell, TIMES + before);
            if (known <= at) {
                break;
            }
            cells.set(cell, TIMES + place, known);
            place = before;
        }
        cells.set(cell, TIMES + place, at);
    }

    /** How many admissions there are after one time, up to the other. */
    int count(int cell, long after, long upTo) {
        var count = 0;
        for (var i = 0; i < quota; i++) {
            var at = cells.get(cell, TIMES + i);
            count += at > after && at <= upTo ? 1 : 0;
        }
        return count;
    }

    /** Whether these locks are theirs: a limit may be counted in several places. */
    boolean isOf(Stripes locks) {
        return stripes == locks;
    }

    /** Whether the limit has another log now. */
    boolean isReplaced() {
        return replaced;
    }

    Changes changes() {
        return changes;
    }

    int regions() {
        return cells.regions();
    }

    /** Tells of a cell, whose lock the caller holds. */
    void tell(int cell, long[] scratch, Usage to) {
        var count = ascending(cell, scratch);
        to.logged(limit, quota, window, cells.get(cell, CellTable.KEY), scratch, count);
    }

    /** Tells of every live cell of a region. */
    void tellRegion(int region, long now, long[] scratch, Usage to) {
        walk(region, cell -> {
            if (cells.get(cell, CellTable.LIVE_UNTIL) > now) {
                tell(cell, scratch, to);
            }
        });
    }

    /** Gives the cells of a region that have a key, their stripe locked. */
    private void walk(int region, IntConsumer walker) {
        var stripe = cells.stripe(region);
        stripes.lock(stripe);
        try {
            for (var i = 0; i < SLOTS; i++) {
                var cell = cells.start(region) + i * cells.width();
                if (cells.get(cell, CellTable.KEY) != 0) {
                    walker.accept(cell);
                }
            }
        } finally {
            stripes.unlock(stripe);
        }
    }

    /**
     * Adds the admissions that are not known yet. One is known by its time, to the nanosecond, so that it may be told of
     * often; those from the future, of a clock that was wrong, count for nothing.
     */
    void merge(long key, long[] admissions, int count, long now) {
        recall(key, now);
        add(key, admissions, count, now);
    }

    private void add(long key, long[] admissions, int count, long now) {
        var known = count;
        while (known > 0 && admissions[known - 1] > now + UsageLedger.CLOCK_TOLERANCE) {
            known--;
        }
        if (known == 0 || admissions[known - 1] <= now - window) {
            return;
        }
        var cell = cells.take(key, now);
        if (cell == CellTable.NONE) {
            return;
        }
        var own = new long[quota];
        var left = ascending(cell, own) - 1;
        var right = known - 1;
        // from the newest down, so that the oldest fall off where there are too many
        for (var place = quota - 1; place >= 0; place--) {
            var mine = left < 0 ? 0 : own[left];
            var theirs = right < 0 ? 0 : admissions[right];
            left -= mine >= theirs ? 1 : 0;
            right -= theirs >= mine ? 1 : 0;
            cells.set(cell, TIMES + place, Math.max(mine, theirs));
        }
        cells.set(cell, NEXT, 0);
        cells.set(cell, CellTable.LIVE_UNTIL, cells.get(cell, TIMES + quota - 1) + window);
    }

    /** Writes the cell's times, oldest first, and returns how many there are. */
    private int ascending(int cell, long[] into) {
        var count = 0;
        var next = (int) cells.get(cell, NEXT);
        for (var i = 0; i < quota; i++) {
            var at = cells.get(cell, TIMES + (next + i) % quota);
            if (at != 0) {
                into[count++] = at;
            }
        }
        return count;
    }

    void forget(long key) {
        var before = former;
        if (before != null) {
            before.forget(key);
        }
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
}
