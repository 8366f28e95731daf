package io.bulwark.audit.verification;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.bulwark.audit.merkle.Frontier;
import io.bulwark.audit.merkle.Hash;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TreeCheckTest {
    private static final int SIZE = (1 << 16) + 300;

    private static final Map<String, Hash> NODES = new HashMap<>();
    private static final Frontier GROWN = new Frontier();

    private final Findings findings = new Findings();
    private final TreeCheck tree = new TreeCheck((level, index) -> NODES.get(level + "/" + index), findings);

    @BeforeAll
    static void grow() {
        for (int i = 0; i < SIZE; i++) {
            GROWN.append(leaf(i), (level, index, hash) -> {
                if (level % 8 == 0) {
                    NODES.put(level + "/" + index, hash);
                }
            });
        }
    }

    @ParameterizedTest
    @CsvSource({"0, 65536", "100, 65636"})
    void storedNodesStandInForEntriesThatAreGone(int from, int to) {
        append(0, from);
        tree.appendMissing(to - from);
        append(to, SIZE);
        assertThat(tree.root()).isEqualTo(GROWN.root());
        assertThat(findings.kept()).isEmpty();
    }

    @Test
    void gapOfAnyWidthIsSoonFilled() {
        append(0, 100);
        assertTimeoutPreemptively(Duration.ofSeconds(10), () -> tree.appendMissing(1L << 40));
        assertThat(tree.size()).isEqualTo(100 + (1L << 40));
    }

    private void append(int from, int to) {
        for (int i = from; i < to; i++) {
            tree.append(leaf(i), true);
        }
    }

    private static Hash leaf(int index) {
        return Hash.of(ByteBuffer.allocate(Hash.LENGTH).putInt(index).array());
    }
}
