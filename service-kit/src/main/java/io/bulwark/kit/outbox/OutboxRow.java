package io.bulwark.kit.outbox;

import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A record to be sent.
 *
 * @param headers names and values by turns
 * @param value null for a tombstone
 */
record OutboxRow(UUID id, String topic, @Nullable String key, String[] headers, byte @Nullable [] value) {

    /** Records of one topic and key keep their order. */
    String orderedBy() {
        return topic + ":" + key;
    }
}
