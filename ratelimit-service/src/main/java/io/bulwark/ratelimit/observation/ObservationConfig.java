package io.bulwark.ratelimit.observation;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How much outsiders may report. */
@ConfigMapping(prefix = "bulwark.ratelimit.observation")
interface ObservationConfig {
    /** Events in one batch. */
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int maxBatch();

    /** Lines of an access log in one request. */
    @WithDefault("10000")
    @Min(1)
    @Max(10_000)
    int maxLines();

    /** Events or lines a second that one reporter may send to one replica in the long run. */
    @WithDefault("2000")
    @Min(1)
    @Max(1_000_000)
    int rate();

    /** Events or lines that one reporter may send at once after a pause. */
    @WithDefault("20000")
    @Min(1)
    @Max(10_000_000)
    int burst();

    /** How far ahead of ours a reporter's clock may be. */
    @WithDefault("PT1M")
    @DurationMin(seconds = 0)
    @DurationMax(hours = 1)
    Duration ahead();

    /** What happened longer ago is refused: no rule looks that far back. */
    @WithDefault("P1D")
    @DurationMin(minutes = 1)
    @DurationMax(days = 29)
    Duration maxAge();

    /** Distinct endpoints of one application that are told apart in access logs; the rest is {@code other}. */
    @WithDefault("200")
    @Min(2)
    @Max(5_000)
    int maxEndpoints();
}
