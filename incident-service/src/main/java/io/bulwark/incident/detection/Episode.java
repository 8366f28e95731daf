package io.bulwark.incident.detection;

import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A time from the first moment above the threshold to the last, without a full window below it in between. What falls
 * wholly inside changes nothing any more.
 *
 * @param id null where it is not known yet
 * @param start the event that decided happened then
 * @param end the first moment that is below the threshold again
 */
record Episode(@Nullable UUID id, Instant start, Instant end) {

    boolean holds(Presence presence, Duration window) {
        return !presence.first().isBefore(start) && !presence.until(window).isAfter(end);
    }

    /** @param next begins no earlier than this one */
    boolean reaches(Episode next, Duration window) {
        return next.start.isBefore(end.plus(window));
    }

    Episode and(Episode next) {
        return new Episode(id == null ? next.id : id, start, end.isAfter(next.end) ? end : next.end);
    }
}
