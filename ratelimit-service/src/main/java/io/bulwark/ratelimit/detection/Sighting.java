package io.bulwark.ratelimit.detection;

import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * A member of a group, seen within one minute.
 *
 * @param member an account's digest, or a place
 * @param count how often, all together
 */
record Sighting(String member, Instant first, Instant last, long count) {
    /** What is kept together. Windows are at least as long: within one, the first and the last time tell all. */
    static final Duration MINUTE = Duration.ofMinutes(1);

    static Sighting of(String member, Misdeed misdeed) {
        return new Sighting(member, misdeed.at(), misdeed.at(), misdeed.count());
    }

    /** Together with another of the same member and minute. */
    Sighting and(Sighting other) {
        return new Sighting(
                member,
                first.isBefore(other.first) ? first : other.first,
                last.isAfter(other.last) ? last : other.last,
                count + other.count);
    }

    Instant minute() {
        return first.truncatedTo(ChronoUnit.MINUTES);
    }
}
