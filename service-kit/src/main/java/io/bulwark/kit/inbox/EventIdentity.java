package io.bulwark.kit.inbox;

import io.bulwark.events.Envelope;
import java.time.LocalDate;
import java.time.ZoneOffset;

/** What makes two deliveries the same event: CloudEvents 1.0, section 3.1.1; the day follows from the event itself. */
record EventIdentity(String source, String id, LocalDate day) {
    static EventIdentity of(Envelope envelope) {
        return new EventIdentity(
                envelope.source(),
                envelope.id(),
                envelope.time().atZone(ZoneOffset.UTC).toLocalDate());
    }
}
