package io.bulwark.ratelimit.limit;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A fixed table of cells, found by open addressing within a region. A cell is its key, the time until which it says
 * anything, and what else its owner keeps; where they were asked for, it has a second time too. A cell whose times have passed
 * says what an absent one says, so it is given away, and no other: nothing active is ever forgotten. Whoever calls holds the
 * lock of the key's stripe, which is so many whole regions.
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

    /** By slot: kept apart, so that who needs none has no room for them. */
    private long @Nullable [] secondTimes;

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

    /** From now on every cell has a second time, which has passed. */
    void addSecondTimes() {
        if (secondTimes == null) {
            secondTimes = new long[words.length / width];
        }
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

    /** The cell's second time; 0 where there are none. */
    long secondTime(int cell) {
        return secondTimes == null ? 0 : secondTimes[cell / width];
    }

    /** Only where there are any. */
    void secondTime(int cell, long time) {
        secondTimes[cell / width] = time;
    }

    /** Whether the cell says anything. */
    boolean isLive(int cell, long now) {
        return words[cell + LIVE_UNTIL] > now || secondTimes != null && secondTimes[cell / width] > now;
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
            if (idle == NONE && !isLive(cell, now)) {
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
            clear(cell);
            words[cell] = key;
        }
    }

    /** Live cells; walks the whole table, and is a little wrong while others write. */
    int live(long now) {
        var live = 0;
        for (var cell = 0; cell < words.length; cell += width) {
            if (words[cell] != 0 && isLive(cell, now)) {
                live++;
            }
        }
        return live;
    }

    private int fresh(int cell, long key) {
        clear(cell);
        words[cell] = key;
        return cell;
    }

    private void clear(int cell) {
        Arrays.fill(words, cell, cell + width, 0);
        if (secondTimes != null) {
            secondTimes[cell / width] = 0;
        }
    }

    /** Empties the idle cells of a region, and puts the live ones back where a search finds them at once. */
    private void sweep(int region, long now) {
        var size = slots * width;
        for (var cell = region; cell < region + size; cell += width) {
            if (words[cell] != 0 && !isLive(cell, now)) {
                clear(cell);
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
                if (secondTimes != null) {
                    secondTimes[place / width] = secondTimes[cell / width];
                }
                clear(cell);
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
