package io.bulwark.audit.merkle;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import org.junit.jupiter.api.Test;

class FrontierTest {
    private static final GrownTree GROWN = GrownTree.ofSize(70);

    @Test
    void continuesFromItsBytesAtEverySize() {
        for (int size = 0; size < 70; size++) {
            var restored = Frontier.of(size, grownTo(size).bytes());
            restored.append(GROWN.leaves().get(size), (level, index, hash) -> {});
            assertThat(restored.root()).isEqualTo(GROWN.roots().get(size + 1));
        }
    }

    @Test
    void takesWholeSubtrees() {
        var frontier = new Frontier();
        frontier.append(4, GROWN.subtrees().get("4/0"), (level, index, hash) -> {});
        frontier.append(
                4,
                GROWN.subtrees().get("4/1"),
                (level, index, hash) ->
                        assertThat(hash).isEqualTo(GROWN.subtrees().get(level + "/" + index)));
        frontier.append(GROWN.leaves().get(32), (level, index, hash) -> {});
        assertThat(frontier.root()).isEqualTo(GROWN.roots().get(33));
    }

    @Test
    void refusesASubtreeWhereNoneCanStand() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> grownTo(3).append(1, Hash.EMPTY_TREE, (level, index, hash) -> {}));
    }

    @Test
    void refusesBytesOfAnotherSize() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> Frontier.of(8, grownTo(7).bytes()));
    }

    private static Frontier grownTo(int size) {
        var frontier = new Frontier();
        GROWN.leaves().subList(0, size).forEach(leaf -> frontier.append(leaf, (level, index, hash) -> {}));
        return frontier;
    }
}
