package io.bulwark.audit.merkle;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProofTest {
    private static final int MOST = 70;
    private static final GrownTree GROWN = GrownTree.ofSize(MOST);
    private static final Hash STRANGER = Hash.ofLeaf("stranger".getBytes(UTF_8));

    @Test
    void rootFromStoredSubtreesIsTheGrownRoot() {
        for (int size = 0; size <= MOST; size++) {
            assertThat(GROWN.tree(size).root()).isEqualTo(GROWN.roots().get(size));
        }
    }

    @Test
    void everyLeafProvesItsInclusionInEveryTreeThatHoldsIt() {
        for (int size = 1; size <= MOST; size++) {
            for (int leaf = 0; leaf < size; leaf++) {
                var path = GROWN.tree(size).inclusionProof(leaf);
                assertThat(includes(leaf, size, path))
                        .as("%d in %d", leaf, size)
                        .isTrue();
            }
        }
    }

    @Test
    void everyTreeProvesThatItBeginsWithEverySmallerOne() {
        for (int to = 1; to <= MOST; to++) {
            for (int from = 1; from <= to; from++) {
                var path = GROWN.tree(to).consistencyProof(from);
                assertThat(isConsistent(from, to, path))
                        .as("%d to %d", from, to)
                        .isTrue();
            }
        }
    }

    @Test
    void noInclusionProofSurvivesAChange() {
        for (int size = 1; size <= MOST; size++) {
            for (int leaf = 0; leaf < size; leaf++) {
                var path = GROWN.tree(size).inclusionProof(leaf);
                assertThat(ProofCheck.includes(
                                leaf, size, STRANGER, path, GROWN.roots().get(size)))
                        .isFalse();
                assertThat(includes((leaf + 1) % (size + 1), size, path))
                        .as("%d of %d elsewhere", leaf, size)
                        .isFalse();
                for (var forged : forgeries(path)) {
                    assertThat(includes(leaf, size, forged)).isFalse();
                }
            }
        }
    }

    @Test
    void noConsistencyProofSurvivesAChange() {
        for (int to = 1; to <= MOST; to++) {
            for (int from = 1; from <= to; from++) {
                var path = GROWN.tree(to).consistencyProof(from);
                assertThat(ProofCheck.isConsistent(
                                from, to, STRANGER, GROWN.roots().get(to), path))
                        .isFalse();
                assertThat(ProofCheck.isConsistent(from, to, GROWN.roots().get(from), STRANGER, path))
                        .isFalse();
                for (var forged : forgeries(path)) {
                    assertThat(isConsistent(from, to, forged))
                            .as("%d to %d", from, to)
                            .isFalse();
                }
            }
        }
    }

    @Test
    void thereIsNoProofOfWhatIsNotThere() {
        var tree = GROWN.tree(5);
        assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusionProof(5));
        assertThatIllegalArgumentException().isThrownBy(() -> tree.inclusionProof(-1));
        assertThatIllegalArgumentException().isThrownBy(() -> tree.consistencyProof(0));
        assertThatIllegalArgumentException().isThrownBy(() -> tree.consistencyProof(6));
        assertThat(ProofCheck.isConsistent(0, 5, Hash.EMPTY_TREE, GROWN.roots().get(5), List.of()))
                .isFalse();
    }

    private static boolean includes(int leaf, int size, List<Hash> path) {
        return ProofCheck.includes(
                leaf, size, GROWN.leaves().get(leaf % MOST), path, GROWN.roots().get(size));
    }

    private static boolean isConsistent(int from, int to, List<Hash> path) {
        return ProofCheck.isConsistent(
                from, to, GROWN.roots().get(from), GROWN.roots().get(to), path);
    }

    private static List<List<Hash>> forgeries(List<Hash> path) {
        var forgeries = new ArrayList<List<Hash>>();
        for (int at = 0; at < path.size(); at++) {
            var changed = new ArrayList<>(path);
            changed.set(at, STRANGER);
            forgeries.add(changed);
        }
        if (!path.isEmpty()) {
            forgeries.add(path.subList(0, path.size() - 1));
        }
        var longer = new ArrayList<>(path);
        longer.add(STRANGER);
        forgeries.add(longer);
        return forgeries;
    }
}
