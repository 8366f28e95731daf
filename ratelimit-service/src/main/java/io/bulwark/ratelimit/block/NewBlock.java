package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.Scope;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.jspecify.annotations.Nullable;

/**
 * What somebody wants blocked.
 *
 * @param policy the detection policy that decided; null where a person did
 * @param author a user or client id, or the service itself
 * @param at when it was decided: the time of the deciding event, from which the duration runs
 * @param escalates whether it lasts longer where the same place was blocked not long ago
 */
public record NewBlock(
        Network target,
        Scope scope,
        String reason,
        @Nullable String policy,
        String author,
        Instant at,
        Duration duration,
        Remediation remediation,
        boolean escalates) {

    public static final int SHORTEST_SECONDS = 1;
    public static final int LONGEST_DAYS = 3_653;

    /** Nobody is blocked for less. */
    public static final Duration SHORTEST = Duration.ofSeconds(SHORTEST_SECONDS);

    /** Nobody is blocked for longer at a time. */
    public static final Duration LONGEST = Duration.ofDays(LONGEST_DAYS);

    /** A ban that lasts as ordered, whatever was before. */
    public NewBlock(
            Network target,
            Scope scope,
            String reason,
            @Nullable String policy,
            String author,
            Instant at,
            Duration duration) {
        this(target, scope, reason, policy, author, at, duration, Remediation.BAN, false);
    }

    public NewBlock {
        // what Postgres keeps, so that what is published is what is stored
        at = at.truncatedTo(ChronoUnit.MICROS);
        if (!isPossible(duration)) {
            throw new IllegalArgumentException("Not a duration of a block: " + duration);
        }
    }

    /** The same with another remediation. */
    public NewBlock with(Remediation other) {
        return new NewBlock(target, scope, reason, policy, author, at, duration, other, escalates);
    }

    /** The same, but longer for a repeater. */
    public NewBlock escalating() {
        return new NewBlock(target, scope, reason, policy, author, at, duration, remediation, true);
    }

    NewBlock lasting(Duration other) {
        return new NewBlock(target, scope, reason, policy, author, at, other, remediation, escalates);
    }

    /** Whether somebody may be blocked for so long. */
    public static boolean isPossible(Duration duration) {
        return duration.compareTo(SHORTEST) >= 0 && duration.compareTo(LONGEST) <= 0;
    }

    /** Its time has run already, as that of a decision in a backlog may have: then nobody is blocked. */
    public boolean isOver(Instant now) {
        return !until().isAfter(now);
    }

    Instant until() {
        return at.plus(duration).truncatedTo(ChronoUnit.MICROS);
    }
}
