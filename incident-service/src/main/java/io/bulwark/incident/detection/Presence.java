package io.bulwark.incident.detection;

import java.time.Duration;
import java.time.Instant;

/**
 * A stretch of time in which a value was seen again and again before its window was over: it is within every window that
 * ends from {@code first} until a window's length after {@code last}.
 */
record Presence(String value, String subject, Instant first, Instant last) {
    static Presence of(Observation seen) {
        return new Presence(seen.value(), seen.subject(), seen.time(), seen.time());
    }

    /** The first moment whose window holds it no more. */
    Instant until(Duration window) {
        return last.plus(window);
    }

    boolean at(Instant moment, Duration window) {
        return !first.isAfter(moment) && until(window).isAfter(moment);
    }

    /** Itself and what begins before it is over, or just then. */
    Presence and(Presence next) {
        return new Presence(value, subject, first, last.isAfter(next.last) ? last : next.last);
    }
}
