package io.bulwark.audit.merkle;

import java.util.List;

/** Verifies proofs as RFC 9162 says, sections 2.1.3.2 and 2.1.4.2. */
public final class ProofCheck {
    private ProofCheck() {}

    /** True where the path proves that the tree with this root holds the leaf at this index. */
    public static boolean includes(long index, long size, Hash leaf, List<Hash> path, Hash root) {
        if (index < 0 || index >= size) {
            return false;
        }
        var walk = new Walk(index, size - 1);
        var hash = leaf;
        for (var sibling : path) {
            if (walk.last == 0) {
                return false;
            }
            hash = walk.fromTheRight() ? Hash.ofChildren(sibling, hash) : Hash.ofChildren(hash, sibling);
            walk.up();
        }
        return walk.last == 0 && hash.equals(root);
    }

    /** True where the path proves that the tree of size {@code to} begins with all of the tree of size {@code from}. */
    public static boolean isConsistent(long from, long to, Hash fromRoot, Hash toRoot, List<Hash> path) {
        if (from <= 0 || from > to) {
            return false;
        }
        if (from == to) {
            return path.isEmpty() && fromRoot.equals(toRoot);
        }
        // The old tree is one complete subtree: its root begins the path, unsaid.
        boolean complete = Long.bitCount(from) == 1;
        if (!complete && path.isEmpty()) {
            return false;
        }
        var walk = new Walk(from - 1, to - 1);
        walk.skipRightEdges();
        var first = complete ? fromRoot : path.getFirst();
        var old = first;
        var grown = first;
        for (var sibling : complete ? path : path.subList(1, path.size())) {
            if (walk.last == 0) {
                return false;
            }
            if (walk.fromTheRight()) {
                old = Hash.ofChildren(sibling, old);
                grown = Hash.ofChildren(sibling, grown);
            } else {
                grown = Hash.ofChildren(grown, sibling);
            }
            walk.up();
        }
        return walk.last == 0 && old.equals(fromRoot) && grown.equals(toRoot);
    }

    /** The way from a node up to the root; {@code node} and {@code last} are the RFC's fn and sn. */
    private static final class Walk {
        private long node;
        private long last;

        Walk(long node, long last) {
            this.node = node;
            this.last = last;
        }

        boolean fromTheRight() {
            return (node & 1) == 1 || node == last;
        }

        void up() {
            if (fromTheRight()) {
                while ((node & 1) == 0 && node != 0) {
                    shift();
                }
            }
            shift();
        }

        void skipRightEdges() {
            while ((node & 1) == 1) {
                shift();
            }
        }

        private void shift() {
            node >>= 1;
            last >>= 1;
        }
    }
}
