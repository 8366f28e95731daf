package io.bulwark.ratelimit.blocklist;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.problem.Problem;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jspecify.annotations.Nullable;

/**
 * What is wanted of a list.
 *
 * @param url http or https, of a public host
 * @param refresh how often it is fetched; its publisher may ask for no more than once an hour or a day. PT6H where absent
 * @param expiry how long its entries hold after it was last fetched. P3D where absent
 * @param maxEntries a list with more is not taken. 100,000 where absent
 * @param shadow whether what it would refuse is only counted
 * @param note for people: whose it is, under which licence, why it is here
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record BlocklistSettings(
        @NotNull @Size(max = 1_000) String url,
        @NotNull ListFormat format,

        @Nullable @DurationMin(minutes = 1) @DurationMax(days = 90)
        Duration refresh,

        @Nullable @DurationMax(days = 90) Duration expiry,
        @Nullable @Min(1) @Max(5_000_000) Integer maxEntries,
        boolean shadow,

        @Nullable @Size(max = 500) @Pattern(regexp = "[^\\p{Cntrl}]*")
        String note) {
    BlocklistSettings {
        refresh = refresh == null ? Duration.ofHours(6) : refresh;
        expiry = expiry == null ? Duration.ofDays(3) : expiry;
        maxEntries = maxEntries == null ? 100_000 : maxEntries;
    }

    /** @throws Problem 422 where the times do not fit each other, or it may not have so many entries */
    void requireSense(int most) {
        if (expiry.compareTo(refresh) <= 0) {
            throw Problem.invalid("expiry", "must be longer than refresh");
        }
        if (maxEntries > most) {
            throw Problem.invalid("maxEntries", "must be at most " + most);
        }
    }

    /** Whether what was fetched under these settings is what would be fetched under the others. */
    boolean hasSource(BlocklistSettings other) {
        return url.equals(other.url) && format == other.format;
    }
}
