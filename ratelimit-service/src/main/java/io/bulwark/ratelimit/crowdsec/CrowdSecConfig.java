package io.bulwark.ratelimit.crowdsec;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What an operator may set of the bouncers' API. */
@ConfigMapping(prefix = "bulwark.ratelimit.crowdsec")
interface CrowdSecConfig {
    /** How long an ended decision is told of. A bouncer that was away for longer keeps it until its own clock ends it. */
    @WithDefault("PT1H")
    @DurationMin(minutes = 1)
    @DurationMax(days = 7)
    Duration endedKept();

    /**
     * Changes as young as this are told again. No less than the bouncers' polling interval where two processes share
     * key, address and User-Agent: one would take the other's changes away.
     */
    @WithDefault("PT10S")
    @DurationMin(seconds = 0)
    @DurationMax(minutes = 10)
    Duration repeated();

    /** How many bouncers this replica remembers the position of; one that is forgotten is told everything anew. */
    @WithDefault("10000")
    @Min(10)
    @Max(1_000_000)
    int bouncers();

    /**
     * Entries of subscribed lists that an application's bouncers are handed. All of them take about 200 bytes each in the
     * answer to a bouncer that starts; a list for which no room is left is not handed out.
     */
    @WithDefault("150000")
    @Min(0)
    @Max(5_000_000)
    int listed();
}
