package io.bulwark.ratelimit.decision;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What is told of decisions. */
@ConfigMapping(prefix = "bulwark.ratelimit.decision")
public interface DecisionConfig {
    /** How often whoever limits have refused is told of. */
    @WithDefault("PT1M")
    @DurationMin(seconds = 1)
    @DurationMax(hours = 1)
    Duration tellRefusedEvery();

    /** Of so many at a time: a client of an endpoint each, by this replica. */
    @WithDefault("1000")
    @Min(1)
    @Max(10_000)
    int mostRefused();
}
