package io.bulwark.ratelimit.prefix;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class PrefixCellsTest {
    private static final int ENTRIES = 20_000;
    private static final int CAPACITY = 1 << 16;
    private static final int ADDRESS = 128;
    private static final int SCOPE = 1;

    private final PrefixCells cells = new PrefixCells(CAPACITY);

    @Test
    void neighboursDoNotCrowd() {
        for (var i = 0; i < ENTRIES; i++) {
            put(0, 0xFFFF_CB00_0000L + i);
        }

        assertThat(longestRun()).isLessThan(100);
    }

    @Test
    void nobodyChoosesNetworksThatSeekTheSameCell() {
        var tag = Long.MIN_VALUE | (long) ADDRESS << Integer.SIZE | SCOPE;
        for (var low = 0; low < ENTRIES; low++) {
            put(-(low ^ tag) * 0x9E3779B97F4A7C15L, low); // where the factor that spreads the lower half is a known one
        }

        assertThat(longestRun()).isLessThan(100);
    }

    private void put(long high, long low) {
        cells.take(cells.seek(high, low, ADDRESS, SCOPE), high, low, ADDRESS, SCOPE, Long.MAX_VALUE, 1);
    }

    /** Of cells that are taken: nobody looks at more before one that is free. */
    private int longestRun() {
        var longest = 0;
        var run = 0;
        for (var cell = 0; cell < CAPACITY; cell++) {
            run = cells.isTaken(cell) ? run + 1 : 0;
            longest = Math.max(longest, run);
        }
        return longest;
    }
}
