package io.bulwark.audit.merkle;

/** Where the hashes of complete subtrees are read from. */
@FunctionalInterface
public interface Nodes {
    /**
     * The hash of the complete subtree over the leaves {@code [index << level, (index + 1) << level)}; level 0 is the
     * leaf itself. Never asked for a subtree that reaches beyond the tree.
     */
    Hash hash(int level, long index);
}
