package io.bulwark.ratelimit.limit;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;

/** How much room there is to count. */
@ConfigMapping(prefix = "bulwark.ratelimit.limit")
public interface LimitsConfig {
    /**
     * Keys that can be counted at once, of 29 bytes each, 38 where several replicas divide small limits.
     * Where there are more, those for which there is no room are counted together.
     */
    @WithDefault("1000000")
    @Min(50_000)
    @Max(50_000_000)
    int keys();

    /** Limits that may be counted exactly, by sliding logs, of 4 MiB each, and 14 for a limit of 100. */
    @WithDefault("4")
    @Min(0)
    @Max(256)
    int slidingLogs();
}
