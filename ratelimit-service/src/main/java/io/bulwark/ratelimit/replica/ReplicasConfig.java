package io.bulwark.ratelimit.replica;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How replicas share what they count. */
@ConfigMapping(prefix = "bulwark.ratelimit.replicas")
public interface ReplicasConfig {
    /** How long counts are gathered before the others are told; what is admitted over a limit grows with it. */
    @WithDefault("PT0.05S")
    @DurationMin(millis = 10)
    @DurationMax(millis = 500)
    Duration interval();

    /** How often all that is known is told again, a little at a time; a replica that starts reads as much, or twice. */
    @WithDefault("PT30S")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration round();

    /** A replica that has said nothing for so long is gone; it says something every second. */
    @WithDefault("PT3S")
    @DurationMin(seconds = 2)
    @DurationMax(minutes = 1)
    Duration patience();
}
