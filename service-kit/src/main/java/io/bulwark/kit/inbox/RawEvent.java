package io.bulwark.kit.inbox;

import io.bulwark.events.Envelope;
import org.jspecify.annotations.Nullable;

/** An event of whatever type, as it stood in the topic. */
public record RawEvent(
        Envelope envelope, String topic, @Nullable String key, byte[] value) {}
