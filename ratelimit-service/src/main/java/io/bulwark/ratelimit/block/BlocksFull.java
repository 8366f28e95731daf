package io.bulwark.ratelimit.block;

import io.bulwark.kit.problem.Problem;

/** Every replica holds as many blocks as it has room for. */
public final class BlocksFull extends Problem {
    private static final long serialVersionUID = 1L;

    BlocksFull() {
        super(
                507,
                "blocks-full",
                "There is no room for more blocks; end some, or raise bulwark.ratelimit.block.max-blocks");
    }
}
