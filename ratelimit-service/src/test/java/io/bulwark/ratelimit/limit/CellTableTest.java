package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CellTableTest {
    private static final int SLOTS = 64;
    private static final long NOW = 1_000;

    private final CellTable table = new CellTable(SLOTS, 1, 3);

    @BeforeEach
    void haveSecondTimes() {
        table.addSecondTimes();
    }

    @Test
    void aCellWhoseSecondTimeHasNotPassedIsNotGivenAway() {
        for (var key = 1; key <= SLOTS; key++) {
            table.secondTime(table.take(key, NOW), NOW + 1);
        }

        assertThat(table.take(SLOTS + 1, NOW)).isEqualTo(CellTable.NONE);
        assertThat(table.take(SLOTS + 1, NOW + 1)).isNotEqualTo(CellTable.NONE);
    }

    @Test
    void whereIdleCellsAreSweptTheSecondTimesMoveWithTheirCells() {
        // one slot after the other from that of the first: all odd ones are idle
        for (var i = 0; i < SLOTS; i++) {
            table.secondTime(table.take(key(i), NOW), i % 2 == 0 ? NOW + i + 1 : NOW);
        }

        table.take(key(SLOTS), NOW);

        for (var i = 0; i < SLOTS; i += 2) {
            assertThat(table.secondTime(table.find(key(i)))).isEqualTo(NOW + i + 1);
        }
        assertThat(table.live(NOW)).isEqualTo(SLOTS / 2);
    }

    @Test
    void aFreshCellAndAForgottenOneHaveNone() {
        table.secondTime(table.take(1, NOW), NOW + 1);
        table.forget(1);

        assertThat(table.secondTime(table.find(1))).isZero();
        assertThat(table.secondTime(table.take(2, NOW))).isZero();
    }

    /** All of these would like the same slot. */
    private static long key(int i) {
        return (long) i << 6 | 1;
    }
}
