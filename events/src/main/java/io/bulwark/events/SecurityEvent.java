package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Detections, authentication facts and what gateways see, keyed by the attacked or attacking subject. */
public sealed interface SecurityEvent extends SuiteEvent
        permits AttackEvent,
                GatewayEvent,
                SecurityEvent.LoginSucceeded,
                SecurityEvent.LoginFailed,
                SecurityEvent.AccountLocked,
                SecurityEvent.AccountUnlocked,
                SecurityEvent.RefreshTokenReused {
    @Override
    default Topic topic() {
        return Topic.SECURITY_EVENTS;
    }

    /** Somebody signed in. */
    @EventType("io.bulwark.auth.login-succeeded.v1")
    record LoginSucceeded(
            String address,
            String userId,
            String account,
            @Nullable String sessionId) implements SecurityEvent {
        public LoginSucceeded {
            requireNonNull(address, "address");
            requireNonNull(userId, "userId");
            requireNonNull(account, "account");
        }

        @Override
        public String key() {
            return address;
        }
    }

    /**
     * A sign-in was refused.
     *
     * @param address the client's, in canonical form
     * @param account what was typed as the account's name, known or not
     * @param userId absent where no such account exists
     */
    @EventType("io.bulwark.auth.login-failed.v1")
    record LoginFailed(
            String address, String account, @Nullable String userId, Reason reason) implements SecurityEvent {
        /** Why; never told to the one who tried. */
        public enum Reason {
            WRONG_PASSWORD,
            UNKNOWN_ACCOUNT,
            ACCOUNT_LOCKED,
            ACCOUNT_DISABLED,
            PASSWORD_EXPIRED
        }

        public LoginFailed {
            requireNonNull(address, "address");
            requireNonNull(account, "account");
            requireNonNull(reason, "reason");
        }

        @Override
        public String key() {
            return address;
        }
    }

    /** Too many failures: the account takes no password until then. */
    @EventType("io.bulwark.auth.account-locked.v1")
    record AccountLocked(String userId, String account, String address, int failures, Instant until)
            implements SecurityEvent {
        public AccountLocked {
            requireNonNull(userId, "userId");
            requireNonNull(account, "account");
            requireNonNull(address, "address");
            requireNonNull(until, "until");
        }

        @Override
        public String key() {
            return userId;
        }
    }

    /** Somebody with the right to it ended a lockout early. */
    @EventType("io.bulwark.auth.account-unlocked.v1")
    record AccountUnlocked(String userId, String account, String unlockedBy) implements SecurityEvent {
        public AccountUnlocked {
            requireNonNull(userId, "userId");
            requireNonNull(account, "account");
            requireNonNull(unlockedBy, "unlockedBy");
        }

        @Override
        public String key() {
            return userId;
        }
    }

    /** A refresh token came a second time: its whole family of tokens was revoked (RFC 9700, section 4.14.2). */
    @EventType("io.bulwark.auth.refresh-token-reused.v1")
    record RefreshTokenReused(String userId, String sessionId, String address) implements SecurityEvent {
        public RefreshTokenReused {
            requireNonNull(userId, "userId");
            requireNonNull(sessionId, "sessionId");
            requireNonNull(address, "address");
        }

        @Override
        public String key() {
            return userId;
        }
    }
}
