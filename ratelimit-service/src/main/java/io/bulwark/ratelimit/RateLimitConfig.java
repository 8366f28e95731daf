package io.bulwark.ratelimit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What an operator may set. */
@ConfigMapping(prefix = "bulwark.ratelimit")
public interface RateLimitConfig {
    /** When failed sign-ins get their address blocked. */
    Login login();

    /** The login policy. */
    interface Login {
        /** Failures within the window that get a place blocked. */
        @WithDefault("5")
        @Min(1)
        @Max(1_000)
        int limit();

        /** How far apart the first and the last of them may be. */
        @WithDefault("PT15M")
        @DurationMin(seconds = 1)
        @DurationMax(days = 1)
        Duration window();

        /** How long the block lasts, from the deciding failure on. */
        @WithDefault("PT24H")
        @DurationMin(seconds = 1)
        @DurationMax(days = 3_653)
        Duration duration();

        /** Conclusions are noted, and nobody is blocked. */
        @WithDefault("false")
        boolean shadow();

        /** How long failures are kept, for the window and for {@code /api/v1/offenders}. */
        @WithDefault("PT48H")
        @DurationMin(minutes = 30)
        Duration retention();
    }
}
