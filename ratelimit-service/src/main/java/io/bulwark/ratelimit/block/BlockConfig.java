package io.bulwark.ratelimit.block;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** What an operator may set about blocks. */
@ConfigMapping(prefix = "bulwark.ratelimit.block")
public interface BlockConfig {
    /** How the automatic blocks of repeaters grow. */
    Escalation escalation();

    /**
     * Blocks that every replica has room for, those that ended within {@code crowdsec.ended-kept} among them, of about 400 bytes
     * each; one more is refused. Where absent, what a fifth of the heap holds.
     */
    Optional<@Min(1_000) @Max(50_000_000) Integer> maxBlocks();

    /** How the automatic blocks of repeaters grow. */
    interface Escalation {
        /** By what each further block of a place is longer than the one before; 1 for no escalation. */
        @WithDefault("2")
        @DecimalMin("1")
        @DecimalMax("100")
        double factor();

        /** No block grows beyond; one that is ordered for longer from the start lasts as ordered. */
        @WithDefault("P30D")
        @DurationMin(seconds = 1)
        @DurationMax(days = 3_653)
        Duration ceiling();

        /** A place that kept quiet for so long after its last block starts afresh. */
        @WithDefault("P30D")
        @DurationMin(seconds = 1)
        @DurationMax(days = 3_653)
        Duration memory();
    }
}
