package io.bulwark.kit.time;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import java.time.Clock;
import java.time.Duration;
import java.time.InstantSource;

/**
 * The only place that asks the machine for the time; everybody else is given an {@link InstantSource}. It ticks in
 * microseconds, as PostgreSQL does: a time is the same in an event and in the row that it came from.
 */
@ApplicationScoped
public class SystemClock {
    @Produces
    @Singleton
    InstantSource clock() {
        return Clock.tick(Clock.systemUTC(), Duration.ofNanos(1_000));
    }
}
