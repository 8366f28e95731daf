package io.bulwark.events;

import java.time.Instant;

/** An event with its context attributes. */
public record CloudEvent<E extends SuiteEvent>(Envelope envelope, E data) {

    public String id() {
        return envelope.id();
    }

    public String source() {
        return envelope.source();
    }

    public Instant time() {
        return envelope.time();
    }

    public String application() {
        return envelope.application();
    }
}
