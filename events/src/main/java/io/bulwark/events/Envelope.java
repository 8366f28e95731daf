package io.bulwark.events;

import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The context attributes of a CloudEvents 1.0 event. {@code source} and {@code id} together are its identity.
 *
 * @param id UUIDv7 where Bulwark is the producer
 * @param source {@code /bulwark/<service>}, or what an application calls itself
 * @param type see {@link EventType}
 * @param time when it happened, by the producer's clock
 * @param application the protected application it belongs to; {@value #DEFAULT_APPLICATION} where none is named
 * @param traceparent W3C Trace Context of the request that caused it
 */
public record Envelope(
        String id,
        String source,
        String type,
        @Nullable String subject,
        Instant time,
        String application,
        @Nullable String traceparent) {

    /** The application of whatever names none. */
    public static final String DEFAULT_APPLICATION = "default";

    /** The application that Bulwark itself is. */
    public static final String OWN_APPLICATION = "bulwark";

    public Envelope {
        Objects.requireNonNull(id, "id");
        Objects.requireNonNull(source, "source");
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(time, "time");
        Objects.requireNonNull(application, "application");
    }
}
