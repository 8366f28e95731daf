package io.bulwark.audit.merkle;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** A tree grown leaf by leaf, with every complete subtree in memory. */
record GrownTree(List<Hash> leaves, List<Hash> roots, Map<String, Hash> subtrees) {

    static GrownTree of(List<Hash> leaves) {
        var frontier = new Frontier();
        var roots = new ArrayList<Hash>(List.of(frontier.root()));
        var subtrees = new HashMap<String, Hash>();
        for (var leaf : leaves) {
            subtrees.put("0/" + frontier.size(), leaf);
            frontier.append(leaf, (level, index, hash) -> subtrees.put(level + "/" + index, hash));
            roots.add(frontier.root());
        }
        return new GrownTree(leaves, roots, subtrees);
    }

    static GrownTree ofSize(int size) {
        return of(IntStream.range(0, size)
                .mapToObj(leaf -> Hash.ofLeaf(new byte[] {(byte) leaf}))
                .toList());
    }

    Tree tree(int size) {
        return new Tree(size, (level, index) -> {
            if ((index + 1) << level > size) {
                throw new AssertionError("Subtree " + level + "/" + index + " is not in a tree of " + size);
            }
            return subtrees.get(level + "/" + index);
        });
    }
}
