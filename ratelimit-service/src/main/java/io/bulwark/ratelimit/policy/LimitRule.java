package io.bulwark.ratelimit.policy;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One limit of a policy, as people write it.
 *
 * @param name stands in the {@code RateLimit} fields
 * @param limit how much within the window; 0 refuses always
 * @param window 1 ms to 366 days
 * @param burst how much may come at once; the limit where absent. In any time t, at most burst + t * limit / window
 *     pass; burst / limit * window is at most 366 days
 * @param algorithm {@code gcra} where absent; {@code sliding-log} is exact in every window, for limits up to 100
 * @param key of whom it counts, of {@code address}, {@code network}, {@code credential} and {@code descriptor:<name>}; by
 *     address where absent, of everybody together where empty
 * @param cost what a request counts for that does not say; 1 where absent
 * @param shadow counts and tells, and never refuses
 * @param penalizes what is refused counts too: who does not wait waits longer
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record LimitRule(
        @NotNull @Pattern(regexp = NAME) String name,
        @NotNull @Min(0) @Max(1_000_000_000_000L) Long limit,
        @NotNull Duration window,
        @Nullable @Min(1) @Max(1_000_000_000_000L) Long burst,
        @Nullable Algorithm algorithm,
        @Nullable @Size(max = 4) List<@NotNull @Pattern(regexp = PART) String> key,
        @Nullable @Min(1) @Max(1_000_000) Integer cost,
        boolean shadow,
        boolean penalizes) {

    /** What stands between quotes in a structured field without escapes (RFC 9651, section 3.3.3). */
    static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private static final String PART = "[a-z]{1,16}(:[A-Za-z0-9][A-Za-z0-9_-]{0,63})?";
    private static final Duration SHORTEST = Duration.ofMillis(1);

    /** @throws Problem 422 with the field that makes no sense */
    void requireSense() {
        if (window.compareTo(SHORTEST) < 0 || window.compareTo(Limit.LONGEST) > 0) {
            throw Problem.invalid("limits.window", "is between PT0.001S and " + Limit.LONGEST);
        }
        if (burst != null && limit == 0) {
            throw Problem.invalid("limits.burst", "is nothing where the limit is 0");
        }
        if (burst != null && (double) burst / limit * window.toNanos() > Limit.LONGEST.toNanos()) {
            throw Problem.invalid(
                    "limits.burst", "comes back at the limit's rate within " + Limit.LONGEST.toDays() + " days");
        }
        if (isLog() && (limit > Limit.LOG_LARGEST || burst != null)) {
            throw Problem.invalid(
                    "limits.algorithm",
                    "is sliding-log for limits up to " + Limit.LOG_LARGEST + " only, and without a burst");
        }
        countedBy();
    }

    boolean isLog() {
        return algorithm == Algorithm.SLIDING_LOG;
    }

    CountedBy countedBy() {
        return CountedBy.of(key == null ? List.of("address") : key);
    }

    int usualCost() {
        return cost == null ? 1 : cost;
    }

    /**
     * The limit that counts.
     *
     * @param factor above 0; how much of it there is, at least one
     */
    Limit limit(long id, double factor) {
        return limit(id, 1, algorithm == null ? Algorithm.GCRA : algorithm).times(factor);
    }

    /**
     * As {@link #limit(long, double)}, of a place so many times as large; counted by one arrival time whatever the algorithm,
     * for it is more than a log holds.
     */
    Limit wide(long id, int share, double factor) {
        return limit(id, share, Algorithm.GCRA).times(factor);
    }

    private Limit limit(long id, int share, Algorithm counting) {
        return new Limit(
                id, name, limit * share, window, (burst == null ? limit : burst) * share, counting, shadow, penalizes);
    }
}
