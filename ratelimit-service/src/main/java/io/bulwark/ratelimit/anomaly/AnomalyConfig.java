package io.bulwark.ratelimit.anomaly;

import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.ZoneId;

/** What an operator may set about the detector of unusual request rates; docs/ratelimit/detection.md has the formula. */
@ConfigMapping(prefix = "bulwark.ratelimit.anomaly")
public interface AnomalyConfig {
    /** False: not even learned. */
    @WithDefault("true")
    boolean enabled();

    /** Anomalies are told of as watched only. On until somebody has looked at what it finds. */
    @WithDefault("true")
    boolean shadow();

    /** Minutes of requests that are counted together; an hour has a whole number of them. */
    @WithDefault("5")
    @Min(1)
    @Max(30)
    int intervalMinutes();

    /** Weeks of the same hour that are looked back at. */
    @WithDefault("5")
    @Min(3)
    @Max(12)
    int weeks();

    /** Robust standard deviations above what is expected. */
    @WithDefault("6")
    @DecimalMin("3")
    @DecimalMax("100")
    double score();

    /** And so many times what is expected. */
    @WithDefault("2.25")
    @DecimalMin("1.1")
    @DecimalMax("100")
    double ratio();

    /** And so many requests in an interval: fewer are nobody's trouble. */
    @WithDefault("50")
    @Min(1)
    @Max(1_000_000_000)
    long minRequests();

    /** Intervals in a row that must be above; a single one is mostly a batch job. */
    @WithDefault("2")
    @Min(1)
    @Max(12)
    int confirmations();

    /** Endpoints of one application whose requests are learned, itself as a whole among them; of each source. */
    @WithDefault("500")
    @Min(1)
    @Max(10_000)
    int maxEndpoints();

    /** Where the hours and the days of the week are those of the people who make the requests. */
    @WithDefault("UTC")
    ZoneId zone();
}
