package io.bulwark.incident.detection;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Refuses times that are nobody's but a wrong clock's, or made up: what is remembered is searched by them. */
@ApplicationScoped
class TimeBounds {
    /** As long as events stay on most topics. */
    private static final Duration OLDEST = Duration.ofDays(30);

    private static final Duration AHEAD = Duration.ofHours(1);

    private final Counter refused;
    private final InstantSource clock;

    TimeBounds(MeterRegistry metrics, InstantSource clock) {
        this.refused = metrics.counter("incidents.observations.refused");
        this.clock = clock;
    }

    /** Counts what it refuses. */
    boolean hold(Instant time) {
        var now = clock.instant();
        if (time.isBefore(now.minus(OLDEST)) || time.isAfter(now.plus(AHEAD))) {
            refused.increment();
            return false;
        }
        return true;
    }
}
