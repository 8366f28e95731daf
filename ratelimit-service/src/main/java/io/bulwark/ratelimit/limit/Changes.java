package io.bulwark.ratelimit.limit;

import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;

/**
 * Which cells of a table have changed since they were last told of: a short list of keys for each stripe, and where that is
 * too short, a walk through the stripe's cells. So noting a change costs one write, and telling of many costs no more than
 * the table is large. Whoever notes holds the lock of the key's stripe.
 */
final class Changes {
    private static final int STRIPES = 1 << Stripes.BITS;
    private static final int ROOM = 128;

    private final CellTable cells;
    private final Stripes stripes;
    private final long[] keys = new long[ROOM * STRIPES];
    private final int[] counts = new int[STRIPES];
    private final int[] unwalked = new int[STRIPES];
    private final int regionsOfStripe;
    private int turn;

    Changes(CellTable cells, Stripes stripes) {
        this.cells = cells;
        this.stripes = stripes;
        this.regionsOfStripe = cells.regionsOfStripe();
    }

    /** Once for each key until it is told of: {@link CellTable#CHANGED} remembers. */
    void note(long key) {
        var stripe = Stripes.of(key);
        var count = counts[stripe];
        if (count < ROOM) {
            keys[stripe * ROOM + count] = key;
        }
        counts[stripe] = Math.min(count, ROOM) + 1;
    }

    /**
     * Tells of each changed cell, and takes it for unchanged then; goes on next time where there was no room. By one thread.
     *
     * @param teller is given cells, their stripe locked
     * @param isFull whether there is no more room
     */
    void tell(IntConsumer teller, BooleanSupplier isFull) {
        for (var i = 0; i < STRIPES; i++) {
            if (!walk(turn, teller, isFull) || !tellListed(turn, teller, isFull)) {
                return;
            }
            turn = turn + 1 & STRIPES - 1;
        }
    }

    private boolean walk(int stripe, IntConsumer teller, BooleanSupplier isFull) {
        stripes.lock(stripe);
        if (counts[stripe] > ROOM) {
            counts[stripe] = 0;
            unwalked[stripe] = regionsOfStripe;
        }
        stripes.unlock(stripe);
        while (unwalked[stripe] > 0) {
            if (isFull.getAsBoolean()) {
                return false;
            }
            unwalked[stripe]--;
            var start = cells.start(stripe * regionsOfStripe + unwalked[stripe]);
            stripes.lock(stripe);
            for (var i = 0; i < cells.slots(); i++) {
                tellCell(start + i * cells.width(), teller);
            }
            stripes.unlock(stripe);
        }
        return true;
    }

    private boolean tellListed(int stripe, IntConsumer teller, BooleanSupplier isFull) {
        stripes.lock(stripe);
        try {
            while (counts[stripe] > 0 && counts[stripe] <= ROOM) {
                if (isFull.getAsBoolean()) {
                    return false;
                }
                counts[stripe]--;
                var cell = cells.find(keys[stripe * ROOM + counts[stripe]]);
                if (cell != CellTable.NONE) {
                    tellCell(cell, teller);
                }
            }
            return true;
        } finally {
            stripes.unlock(stripe);
        }
    }

    private void tellCell(int cell, IntConsumer teller) {
        if (cells.get(cell, CellTable.CHANGED) != 0) {
            teller.accept(cell);
            cells.set(cell, CellTable.CHANGED, 0);
        }
    }
}
