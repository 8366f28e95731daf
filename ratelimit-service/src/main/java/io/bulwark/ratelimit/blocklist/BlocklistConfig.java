package io.bulwark.ratelimit.blocklist;

import io.quarkus.runtime.configuration.MemorySize;
import io.smallrye.config.ConfigMapping;
import io.smallrye.config.WithDefault;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;

/** From where lists may come, and how much they may bring. */
@ConfigMapping(prefix = "bulwark.ratelimit.blocklist")
public interface BlocklistConfig {
    /** Networks that are not public and that lists may be fetched from all the same, such as a mirror of your own. */
    Optional<List<String>> allowedNetworks();

    /** Bytes of one list; up to two are fetched at a time. */
    @WithDefault("32M")
    MemorySize maxSize();

    /** Entries of one list. */
    @WithDefault("500000")
    @Min(1)
    @Max(5_000_000)
    int maxEntries();

    /**
     * Entries of all lists together that every replica has room for, of about 160 bytes each, and as much again while lists are
     * read. A list for which there is no room left is not taken. Where absent, what a fifth of the heap holds.
     */
    Optional<@Min(1_000) @Max(50_000_000) Integer> maxEntriesTogether();

    /** Lists of all applications together. */
    @WithDefault("50")
    @Min(1)
    @Max(500)
    int maxLists();

    /** One attempt to fetch a list takes no longer, redirects and all. */
    @WithDefault("PT1M")
    @DurationMin(seconds = 1)
    @DurationMax(minutes = 5)
    Duration timeout();
}
