package io.bulwark.audit.merkle;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The right edge of a growing tree: the complete subtrees that it consists of, one per bit of its size. All that is
 * needed to append and to know the root.
 */
public final class Frontier {
    /** Is told of every subtree that an appended leaf completes, lowest first. */
    @FunctionalInterface
    public interface Completed {
        void subtree(int level, long index, Hash hash);
    }

    private final @Nullable Hash[] byLevel = new @Nullable Hash[Long.SIZE];
    private long size;

    /** The edge of the empty tree. */
    public Frontier() {}

    /**
     * The edge that {@link #bytes()} described.
     *
     * @throws IllegalArgumentException where the bytes cannot be the edge of a tree of this size
     */
    public static Frontier of(long size, byte[] bytes) {
        if (size < 0 || bytes.length != Long.bitCount(size) * Hash.LENGTH) {
            throw new IllegalArgumentException("No edge of a tree of " + size + " leaves: " + bytes.length + " bytes");
        }
        var frontier = new Frontier();
        frontier.size = size;
        int from = 0;
        for (int level = 0; level < Long.SIZE; level++) {
            if ((size >> level & 1) == 1) {
                frontier.byLevel[level] = Hash.of(Arrays.copyOfRange(bytes, from, from + Hash.LENGTH));
                from += Hash.LENGTH;
            }
        }
        return frontier;
    }

    public long size() {
        return size;
    }

    public void append(Hash leaf, Completed completed) {
        append(0, leaf, completed);
    }

    /**
     * Appends a complete subtree of {@code 1 << level} leaves.
     *
     * @throws IllegalArgumentException where the tree ends within such a subtree
     */
    public void append(int level, Hash subtree, Completed completed) {
        if ((size & ((1L << level) - 1)) != 0) {
            throw new IllegalArgumentException("A tree of " + size + " leaves has no place for level " + level);
        }
        var hash = subtree;
        int at = level;
        for (var left = byLevel[at]; left != null; left = byLevel[at]) {
            hash = Hash.ofChildren(left, hash);
            byLevel[at++] = null;
            completed.subtree(at, size >> at, hash);
        }
        byLevel[at] = hash;
        size += 1L << level;
    }

    public Hash root() {
        Hash root = null;
        for (var subtree : byLevel) {
            if (subtree != null) {
                root = root == null ? subtree : Hash.ofChildren(subtree, root);
            }
        }
        return root == null ? Hash.EMPTY_TREE : root;
    }

    /** The hashes of the subtrees, smallest first. */
    public byte[] bytes() {
        var bytes = new byte[Long.bitCount(size) * Hash.LENGTH];
        int at = 0;
        for (var subtree : byLevel) {
            if (subtree != null) {
                System.arraycopy(subtree.bytes(), 0, bytes, at, Hash.LENGTH);
                at += Hash.LENGTH;
            }
        }
        return bytes;
    }
}
