package io.bulwark.audit.merkle;

import java.util.ArrayList;
import java.util.List;

/**
 * A tree of a certain size over stored subtrees; proofs are those of RFC 9162, sections 2.1.3.1 and 2.1.4.1, and read
 * O(log size) nodes.
 */
public record Tree(long size, Nodes nodes) {
    public Tree {
        if (size < 0) {
            throw new IllegalArgumentException("A tree cannot have " + size + " leaves");
        }
    }

    public Hash root() {
        return size == 0 ? Hash.EMPTY_TREE : hash(0, size);
    }

    /**
     * The path that proves that this leaf is in the tree.
     *
     * @throws IllegalArgumentException where the tree has no such leaf
     */
    public List<Hash> inclusionProof(long index) {
        if (index < 0 || index >= size) {
            throw new IllegalArgumentException("No leaf " + index + " in a tree of " + size);
        }
        var path = new ArrayList<Hash>();
        inclusion(index, 0, size, path);
        return path;
    }

    /**
     * The path that proves that this tree begins with all of the smaller one.
     *
     * @throws IllegalArgumentException unless {@code 0 < from <= size}
     */
    public List<Hash> consistencyProof(long from) {
        if (from <= 0 || from > size) {
            throw new IllegalArgumentException("No proof from " + from + " to " + size);
        }
        var path = new ArrayList<Hash>();
        consistency(from, 0, size, true, path);
        return path;
    }

    private void inclusion(long index, long from, long to, List<Hash> path) {
        if (to - from == 1) {
            return;
        }
        long middle = from + split(to - from);
        if (index < middle) {
            inclusion(index, from, middle, path);
            path.add(hash(middle, to));
        } else {
            inclusion(index, middle, to, path);
            path.add(hash(from, middle));
        }
    }

    /** @param whole true while {@code [from, old)} is the whole old tree, whose root the verifier knows already */
    private void consistency(long old, long from, long to, boolean whole, List<Hash> path) {
        if (old == to) {
            if (!whole) {
                path.add(hash(from, to));
            }
            return;
        }
        long middle = from + split(to - from);
        if (old <= middle) {
            consistency(old, from, middle, whole, path);
            path.add(hash(middle, to));
        } else {
            consistency(old, middle, to, false, path);
            path.add(hash(from, middle));
        }
    }

    private Hash hash(long from, long to) {
        long leaves = to - from;
        if (Long.bitCount(leaves) == 1) {
            int level = Long.numberOfTrailingZeros(leaves);
            return nodes.hash(level, from >> level);
        }
        long middle = from + split(leaves);
        return Hash.ofChildren(hash(from, middle), hash(middle, to));
    }

    /** The largest power of two below {@code leaves}. */
    private static long split(long leaves) {
        return Long.highestOneBit(leaves - 1);
    }
}
