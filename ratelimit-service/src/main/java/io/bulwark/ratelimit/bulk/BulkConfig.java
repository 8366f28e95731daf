package io.bulwark.ratelimit.bulk;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** How much one import may bring, and how slowly a list may be read. */
@ConfigMapping(prefix = "bulwark.ratelimit.bulk")
public interface BulkConfig {
    /** Entries of one import. They are in memory while it runs, about 200 bytes each. */
    @WithDefault("250000")
    @Min(1)
    @Max(2_000_000)
    int maxEntries();

    /** Refused lines that are told of one by one; the others are counted. */
    @WithDefault("100")
    @Min(0)
    @Max(1_000)
    int namedRefusals();

    /** An import that its replica has not been seen at for so long has failed with it. */
    @WithDefault("PT1M")
    @DurationMin(seconds = 40)
    @DurationMax(hours = 1)
    Duration patience();

    /** A list that is exported is broken off where its reader takes no 16 KiB of it for so long. */
    @WithDefault("PT30S")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 10)
    Duration exportPatience();

    /** How long it is told what became of an import. */
    @WithDefault("P30D")
    @DurationMin(hours = 1)
    @DurationMax(days = 3_653)
    Duration kept();
}
