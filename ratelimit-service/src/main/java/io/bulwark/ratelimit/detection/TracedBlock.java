package io.bulwark.ratelimit.detection;

import io.bulwark.ratelimit.block.NewBlock;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Somebody to block.
 *
 * @param trace of the event that decided
 */
record TracedBlock(NewBlock block, @Nullable String trace) {
    /** The same on every replica, so that two do not wait for each other's blocks. The earlier begins, the later lengthens. */
    static final Comparator<TracedBlock> LOCK_ORDER = Comparator.<TracedBlock, String>comparing(
                    order -> order.block().target().toString())
            .thenComparing(order -> order.block().scope().application())
            .thenComparing(order -> order.block().at());
}
