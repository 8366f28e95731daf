package io.bulwark.ratelimit.detection;

import io.bulwark.ratelimit.block.NewBlock;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/**
 * Somebody to block.
 *
 * @param trace of the event that decided
 */
record Order(NewBlock block, @Nullable String trace) {
    /** The same on every replica, so that two do not wait for each other's blocks. The earlier begins, the later lengthens. */
    static final Comparator<Order> ORDER = Comparator.<Order, String>comparing(
                    order -> order.block().target().toString())
            .thenComparing(order -> order.block().scope().application())
            .thenComparing(order -> order.block().at());
}
