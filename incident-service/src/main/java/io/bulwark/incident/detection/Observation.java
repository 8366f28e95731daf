package io.bulwark.incident.detection;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.events.CloudEvent;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/**
 * Something that a rule counts.
 *
 * @param scope what the rule groups by within the application; empty where by nothing
 * @param value what is counted once per window: the event itself, or a blocked address
 * @param subject whom or what it points at, for the people who read the incident
 * @param time when it happened, by the producer's clock
 */
record Observation(String application, String scope, String value, String subject, Instant time) {
    /** Longer names are made up by somebody; they still count, under their digest. */
    private static final int LONGEST = 200;

    Observation {
        application = bounded(application);
        scope = bounded(scope);
        value = bounded(value);
        subject = subject.length() > LONGEST ? subject.substring(0, LONGEST) : subject;
        time = time.truncatedTo(ChronoUnit.MICROS);
    }

    /** Each event counts. */
    static Observation ofEvent(CloudEvent<?> event, String scope, String subject) {
        return new Observation(event.application(), scope, event.source() + " " + event.id(), subject, event.time());
    }

    private static String bounded(String text) {
        return text.length() > LONGEST
                ? UUID.nameUUIDFromBytes(text.getBytes(UTF_8)).toString()
                : text;
    }
}
