package io.bulwark.kit.time;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.inject.Produces;
import java.time.Clock;
import java.time.InstantSource;

/** The only place that asks the machine for the time; everybody else is given an {@link InstantSource}. */
@ApplicationScoped
public class SystemClock {
    @Produces
    @ApplicationScoped
    InstantSource clock() {
        return Clock.systemUTC();
    }
}
