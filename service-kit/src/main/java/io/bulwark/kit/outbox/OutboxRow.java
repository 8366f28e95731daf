package io.bulwark.kit.outbox;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record to be sent.
 *
 * @param headers names and values by turns
 * @param value null for a tombstone
 * @param ordered whether records of its key keep their order; costs a lock per key until the commit
 */
record OutboxRow(
        UUID id, String topic, @Nullable String key, String[] headers, byte @Nullable [] value, boolean ordered) {
    OutboxRow(UUID id, String topic, @Nullable String key, String[] headers, byte @Nullable [] value) {
        this(id, topic, key, headers, value, true);
    }

    /** Records of one topic and key keep their order. */
    String orderedBy() {
        return topic + ":" + key;
    }
}
