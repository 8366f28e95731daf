package io.bulwark.ratelimit.posture;

import io.bulwark.ratelimit.rule.Rules;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How an application stands to its clients.
 *
 * @param factor above 0 and up to 1: how much of every limit there is while it is {@link PostureMode#ELEVATED}
 * @param author a user or client id
 * @param until when it is {@link PostureMode#NORMAL} again by itself; null for when a person says so
 * @param statusPage where people read what is going on; null where nobody wrote it down
 * @param version 1 for the first
 */
public record Posture(
        String application,
        PostureMode mode,
        double factor,
        String reason,
        String author,
        Instant since,
        @Nullable Instant until,
        @Nullable String statusPage,
        long version) {

    /** Before anybody said anything. */
    static Posture initial(String application) {
        return new Posture(application, PostureMode.NORMAL, 1, "as usual", Rules.SERVICE, Instant.EPOCH, null, null, 0);
    }

    /** Its time is over. */
    boolean isOver(Instant now) {
        return until != null && !until.isAfter(now);
    }

    /** The posture after its time: the usual one. */
    Posture over(String by) {
        return new Posture(
                application,
                PostureMode.NORMAL,
                1,
                "expired",
                by,
                until == null ? since : until,
                null,
                null,
                version + 1);
    }
}
