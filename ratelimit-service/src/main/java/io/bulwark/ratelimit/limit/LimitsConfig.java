package io.bulwark.ratelimit.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How much room there is to count. */
@ConfigMapping(prefix = "bulwark.ratelimit.limit")
public interface LimitsConfig {
    /** Keys that can be counted at once, of 24 bytes each; rounded down to a power of two. */
    @WithDefault("1048576")
    @Min(16_384)
    @Max(67_108_864)
    int cells();

    /** Limits that may be counted exactly, by sliding logs, of 4 MiB each, and 14 for a limit of 100. */
    @WithDefault("4")
    @Min(0)
    @Max(256)
    int slidingLogs();
}
