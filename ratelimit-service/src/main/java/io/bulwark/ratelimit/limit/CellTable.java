package io.bulwark.ratelimit.limit;

import java.util.Arrays;

/**
 * A fixed table of cells, found by open addressing within a region. A cell is its key, the time until which it says
 * anything, and what else its owner keeps. A cell whose time has passed says what an absent one says, so it is given away,
 * and no other: nothing active is ever forgotten. Whoever calls holds the lock of the key's stripe, which is so many whole
 * regions.
 *
 * <p>A table is full where a key's region is. The larger the regions, the more alike they fill: of regions of 256 slots, 85
 * in 100 can be taken before one key in ten thousand finds no room; of regions of 64, 70.
 */
final class CellTable {
    static final int NONE = -1;

    static final int KEY = 0;

    /** Where in a cell the time stands until which it is live. */
    static final int LIVE_UNTIL = 1;

    /** Where in a cell stands what {@link Changes} has still to tell of it; 0 for nothing. */
    static final int CHANGED = 2;

    private static final int LONG_SCAN = 24;
    private static final int SLOT_BITS = 16;
    private static final int REGION_BITS = 32;
    private static final long REGION_MASK = (1L << REGION_BITS) - 1;

    private final long[] words;
    private final int slots;
    private final int regionsOfStripe;
    private final int width;

    /**
     * @param slots of a region; a power of two
     * @param width words of a cell; the first three are the key, the time and what has changed
     */
    CellTable(int slots, int regionsOfStripe, int width) {
        this.slots = slots;
        this.regionsOfStripe = regionsOfStripe;
        this.width = width;
        this.words = new long[Math.multiplyExact(slots * width, regionsOfStripe << Stripes.BITS)];
    }

    /** An empty one of the same size. */
    CellTable sameSize() {
        return new CellTable(slots, regionsOfStripe, width);
    }

    /** Replaces the cells of these regions by those of a table of the same size. */
    void copyRegions(CellTable from, int region, int count) {
        System.arraycopy(from.words, start(region), words, start(region), start(count));
    }

    int regions() {
        return regionsOfStripe << Stripes.BITS;
    }

    int regionsOfStripe() {
        return regionsOfStripe;
    }

    /** How many cells a region has. */
    int slots() {
        return slots;
    }

    int width() {
        return width;
    }

    /** The first cell of a region; the others follow, a width apart. */
    int start(int region) {
        return region * slots * width;
    }

    /** The stripe that a region belongs to. */
    int stripe(int region) {
        return region / regionsOfStripe;
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
        var slot = (int) key & slots - 1;
        for (var i = 0; i < slots; i++) {
            var cell = region + (slot + i & slots - 1) * width;
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
        var slot = (int) key & slots - 1;
        var idle = NONE;
        for (var i = 0; i < slots; i++) {
            var cell = region + (slot + i & slots - 1) * width;
            if (words[cell] == key) {
                return cell;
            }
            if (words[cell] == 0) {
                return fresh(idle == NONE ? cell : idle, key);
            }
            if (idle == NONE && words[cell + LIVE_UNTIL] <= now) {
                idle = cell;
            }
            if (i == LONG_SCAN && idle != NONE) {
                sweep(region, now);
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

    /** Empties the idle cells of a region, and puts the live ones back where a search finds them at once. */
    private void sweep(int region, long now) {
        var size = slots * width;
        for (var cell = region; cell < region + size; cell += width) {
            if (words[cell] != 0 && words[cell + LIVE_UNTIL] <= now) {
                Arrays.fill(words, cell, cell + width, 0);
            }
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
    }

    private boolean move(int region, int cell) {
        var slot = (int) words[cell] & slots - 1;
        for (var i = 0; i < slots; i++) {
            var place = region + (slot + i & slots - 1) * width;
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

    /** Its stripe by the first bits, its region of these by the next, its slot by the last. */
    private int region(long key) {
        var ofStripe = (int) ((key >>> SLOT_BITS & REGION_MASK) * regionsOfStripe >>> REGION_BITS);
        return start(Stripes.of(key) * regionsOfStripe + ofStripe);
    }
}
