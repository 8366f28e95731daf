package io.bulwark.ratelimit.detection;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What one batch says of a group.
 *
 * @param misdeeds how often the policy is to count, all together
 * @param newest the latest of them
 */
record Tally(int rows, int misdeeds, Instant earliest, Misdeed newest) {
    static Tally of(Misdeed misdeed) {
        return new Tally(1, misdeed.count(), misdeed.at(), misdeed);
    }

    Tally and(Tally other) {
        return new Tally(
                rows + other.rows,
                misdeeds + other.misdeeds,
                earliest.isBefore(other.earliest) ? earliest : other.earliest,
                latest().isAfter(other.latest()) ? newest : other.newest);
    }

    Instant latest() {
        return newest.at();
    }

    @Nullable
    String trace() {
        return newest.trace();
    }
}
