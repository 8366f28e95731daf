package io.bulwark.auth.account;

import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An attempt to prove an identity by password, already counted.
 *
 * @param account what was typed
 * @param userId null where no such account exists
 * @param candidate what to compare with; null where the outcome is settled
 * @param refusal why no password will do; null where the password decides
 * @param lock what this attempt causes if it fails
 */
record Attempt(
        String account,
        @Nullable UUID userId,
        @Nullable Candidate candidate,
        @Nullable Refusal refusal,
        @Nullable Lock lock) {

    /** Why no password will do. */
    enum Refusal {
        UNKNOWN(Reason.UNKNOWN_ACCOUNT),
        DISABLED(Reason.ACCOUNT_DISABLED),
        LOCKED(Reason.ACCOUNT_LOCKED);

        private final Reason reason;

        Refusal(Reason reason) {
            this.reason = reason;
        }
    }

    /** The password in force, and since when. */
    record Candidate(UUID userId, String hash, Instant since) {
        @Override
        public String toString() {
            return "Candidate[" + userId + "]";
        }
    }

    /** A lockout: after so many failures, until then. */
    record Lock(int failures, Instant until) {}

    static Attempt unknown(String account) {
        return new Attempt(account, null, null, Refusal.UNKNOWN, null);
    }

    static Attempt refused(Account account, Refusal refusal) {
        return new Attempt(account.email(), account.id(), null, refusal, null);
    }

    static Attempt admitted(Account account, @Nullable Lock lock) {
        var candidate = new Candidate(account.id(), account.passwordHash(), account.passwordChangedAt());
        return new Attempt(account.email(), account.id(), candidate, null, lock);
    }

    Reason failureReason() {
        return refusal == null ? Reason.WRONG_PASSWORD : refusal.reason;
    }
}
