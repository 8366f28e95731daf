package io.bulwark.ratelimit.episode;

import java.time.Instant;
import java.util.Locale;
import java.util.UUID;

/**
 * An attack as a policy saw it, from the first time at which it was concluded to the last.
 *
 * @param subject a place, a network, or an account's name
 * @param members distinct accounts or places, as of the last conclusion; 1 where a policy counts misdeeds of one place
 * @param concludedAt when it was first concluded, by the clock: an attack found in a backlog began long before
 */
public record Episode(
        UUID id,
        String policy,
        String application,
        String subject,
        Span span,
        int members,
        long observations,
        Outcome outcome,
        Instant concludedAt) {

    /** What was done about it. */
    public enum Outcome {
        /** Somebody was blocked. */
        BLOCKED,
        /** It was noted and told of, as the policy is to do. */
        NOTED,
        /** It would have been blocked, but for its known-good sign-ins. */
        SPARED,
        /** Nothing: the policy runs in shadow mode. */
        WATCHED;

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Outcome of(String word) {
            return valueOf(word.toUpperCase(Locale.ROOT));
        }
    }
}
