package io.bulwark.ratelimit.limit;

import java.util.Arrays;

/**
 * A fixed table of cells, found by open addressing within a region of {@value #SLOTS} slots. A cell is its key, the time
 * until which it says anything, and what else its owner keeps. A cell whose time has passed says what an absent one says,
 * so it is given away, and no other: nothing active is ever forgotten. Whoever calls holds the lock of the key's region.
 */
final class CellTable {
    static final int SLOTS = 64;
    static final int NONE = -1;

    static final int KEY = 0;

    /** Where in a cell the time stands until which it is live. */
    static final int LIVE_UNTIL = 1;

    /** Where in a cell stands what {@link Changes} has still to tell of it; 0 for nothing. */
    static final int CHANGED = 2;

    private static final int LONG_SCAN = 24;

    private final long[] words;
    private final int regionBits;
    private final int width;

    /** @param width words of a cell; the first three are the key, the time and what has changed */
    CellTable(int regionBits, int width) {
        this.regionBits = regionBits;
        this.width = width;
        this.words = new long[Math.multiplyExact(SLOTS * width, 1 << regionBits)];
    }

    /** An empty one of the same size. */
    CellTable sameSize() {
        return new CellTable(regionBits, width);
    }

    /** Replaces the cells of these regions by those of a table of the same size. */
    void copyRegions(CellTable from, int region, int count) {
        System.arraycopy(from.words, start(region), words, start(region), start(count));
    }

    int regions() {
        return 1 << regionBits;
    }

    int width() {
        return width;
    }

    /** The first cell of a region; the others follow, a width apart. */
    int start(int region) {
        return region * SLOTS * width;
    }

    /** The stripe that a region belongs to. */
    int stripe(int region) {
        return region >>> regionBits - Stripes.BITS;
    }

    long get(int cell, int word) {
        return words[cell + word];
    }

    void set(int cell, int word, long value) {
        words[cell + word] = value;
    }

    /** Where the key's cell is; {@link #NONE} where it has none. */
    int find(long key) {
        var region = region(key);
        var slot = (int) key & SLOTS - 1;
        for (var i = 0; i < SLOTS; i++) {
            var cell = region + (slot + i & SLOTS - 1) * width;
            if (words[cell] == key) {
                return cell;
            }
            if (words[cell] == 0) {
                return NONE;
            }
        }
        return NONE;
    }

    /** The key's cell, a fresh one where it had none; {@link #NONE} where every cell of the region is live. */
    int take(long key, long now) {
        var region = region(key);
        var slot = (int) key & SLOTS - 1;
        var idle = NONE;
        for (var i = 0; i < SLOTS; i++) {
            var cell = region + (slot + i & SLOTS - 1) * width;
            if (words[cell] == key) {
                return cell;
            }
            if (words[cell] == 0) {
                return fresh(idle == NONE ? cell : idle, key);
            }
            if (idle == NONE && words[cell + LIVE_UNTIL] <= now) {
                idle = cell;
            }
            if (i == LONG_SCAN && sweep(region, now)) {
                return take(key, now);
            }
        }
        return idle == NONE ? NONE : fresh(idle, key);
    }

    /** Empties the key's cell. */
    void forget(long key) {
        var cell = find(key);
        if (cell != NONE) {
            Arrays.fill(words, cell + LIVE_UNTIL, cell + width, 0);
        }
    }

    /** Live cells; walks the whole table, and is a little wrong while others write. */
    int live(long now) {
        var live = 0;
        for (var cell = 0; cell < words.length; cell += width) {
            if (words[cell] != 0 && words[cell + LIVE_UNTIL] > now) {
                live++;
            }
        }
        return live;
    }

    private int fresh(int cell, long key) {
        Arrays.fill(words, cell, cell + width, 0);
        words[cell] = key;
        return cell;
    }

    /** Puts the live cells of a region back where a search finds them at once; false where none was idle. */
    private boolean sweep(int region, long now) {
        var size = SLOTS * width;
        var idle = 0;
        for (var cell = region; cell < region + size; cell += width) {
            if (words[cell] != 0 && words[cell + LIVE_UNTIL] <= now) {
                Arrays.fill(words, cell, cell + width, 0);
                idle++;
            }
        }
        if (idle == 0) {
            return false;
        }
        // a cell moves towards its place only, so that one walk or two leave each where a search meets it
        boolean moved;
        do {
            moved = false;
            for (var cell = region; cell < region + size; cell += width) {
                if (words[cell] != 0) {
                    moved |= move(region, cell);
                }
            }
        } while (moved);
        return true;
    }

    private boolean move(int region, int cell) {
        var slot = (int) words[cell] & SLOTS - 1;
        for (var i = 0; i < SLOTS; i++) {
            var place = region + (slot + i & SLOTS - 1) * width;
            if (place == cell) {
                return false;
            }
            if (words[place] == 0) {
                System.arraycopy(words, cell, words, place, width);
                Arrays.fill(words, cell, cell + width, 0);
                return true;
            }
        }
        return false;
    }

    private int region(long key) {
        return (int) (key >>> Long.SIZE - regionBits) * SLOTS * width;
    }
}
