package io.bulwark.audit.verification;

import io.bulwark.audit.log.Head;
import io.bulwark.audit.merkle.Frontier;
import io.bulwark.audit.merkle.Hash;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Grows the tree anew from the leaves and compares it with the stored nodes and the head. Where a block of 256 leaves
 * does not add up, the stored node takes its place further up, so that each change is reported once, where it is.
 */
final class TreeCheck {
    private static final int BLOCK_LEVEL = 8;
    private static final int BLOCK = 1 << BLOCK_LEVEL;
    private static final Frontier.Completed NOBODY = (level, index, hash) -> {};

    /** The stored nodes of levels 8, 16, ...; null where one is gone. */
    @FunctionalInterface
    interface Stored {
        @Nullable
        Hash node(int level, long index);
    }

    private final Stored stored;
    private final Findings findings;
    private final Frontier blocks = new Frontier();
    private final List<Hash> block = new ArrayList<>(BLOCK);
    private boolean blockSound = true;

    TreeCheck(Stored stored, Findings findings) {
        this.stored = stored;
        this.findings = findings;
    }

    /** @param sound false where something was found about the entry itself, which then explains a wrong sum */
    void append(Hash leaf, boolean sound) {
        block.add(leaf);
        blockSound &= sound;
        if (block.size() == BLOCK) {
            closeBlock();
        }
    }

    /** Stands in for entries that are gone, by the largest subtrees there are: a gap of any width is soon filled. */
    void appendMissing(long count) {
        long end = size() + count;
        while (size() < end) {
            int level = block.isEmpty() ? storedLevel(size(), end - size()) : 0;
            if (level == 0) {
                append(Hash.EMPTY_TREE, false);
            } else {
                append(level, Hash.EMPTY_TREE, false);
            }
        }
    }

    /** The highest level that is stored of those whose subtrees begin there and are no longer than that. */
    private static int storedLevel(long from, long length) {
        int level = Math.min(Long.numberOfTrailingZeros(from), Long.SIZE - 1 - Long.numberOfLeadingZeros(length));
        return level - level % BLOCK_LEVEL;
    }

    long size() {
        return blocks.size() + block.size();
    }

    Hash root() {
        return edge().root();
    }

    /** Holds the head against the leaves where they reach its end and nothing was found since the last stored node. */
    void compareWith(Head head) {
        var edge = edge();
        if (!Frontier.of(head.size(), head.frontier()).root().equals(head.root())) {
            findings.add(null, null, "the head's root is not what its frontier adds up to");
        } else if (size() == head.size() && blockSound && !Arrays.equals(edge.bytes(), head.frontier())) {
            findings.addRange(firstDifference(edge, head), head.size(), "do not add up to the head's root");
        }
    }

    private long firstDifference(Frontier edge, Head head) {
        // The smallest subtrees come first in the bytes and last in the tree.
        byte[] actual = edge.bytes();
        byte[] expected = head.frontier();
        long start = 0;
        for (int level = Long.SIZE - 1, at = actual.length; level >= 0; level--) {
            if ((head.size() >> level & 1) == 1) {
                at -= Hash.LENGTH;
                if (!Arrays.equals(actual, at, at + Hash.LENGTH, expected, at, at + Hash.LENGTH)) {
                    return start;
                }
                start += 1L << level;
            }
        }
        return start;
    }

    private void closeBlock() {
        var rebuilt = new Frontier();
        block.forEach(leaf -> rebuilt.append(leaf, NOBODY));
        append(BLOCK_LEVEL, rebuilt.root(), blockSound);
        block.clear();
        blockSound = true;
    }

    private void append(int level, Hash rebuilt, boolean sound) {
        var expected = check(level, blocks.size() >> level, rebuilt, sound);
        blocks.append(level, expected, (above, index, hash) -> {
            if (above % BLOCK_LEVEL == 0) {
                check(above, index, hash, true);
            }
        });
    }

    private Hash check(int level, long index, Hash rebuilt, boolean sound) {
        var node = stored.node(level, index);
        if (node == null) {
            findings.addRange(index << level, (index + 1) << level, "have lost their tree node of level " + level);
            return rebuilt;
        }
        if (sound && !node.equals(rebuilt)) {
            findings.addRange(
                    index << level, (index + 1) << level, "do not add up to their tree node of level " + level);
        }
        return node;
    }

    private Frontier edge() {
        var edge = Frontier.of(blocks.size(), blocks.bytes());
        block.forEach(leaf -> edge.append(leaf, NOBODY));
        return edge;
    }
}
