package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;

/**
 * What stopped being valid; the newest per key is the state. A token carries the generations it was issued under and is
 * refused where one is below the topic's; sessions are refused by presence.
 */
public sealed interface Revocation extends SuiteEvent {
    /** Why, for the record. */
    String reason();

    @Override
    default Topic topic() {
        return Topic.REVOCATIONS;
    }

    /** Every token of everybody issued under a lower generation. */
    @EventType("io.bulwark.auth.all-revoked.v1")
    record AllRevoked(long generation, Instant revokedAt, String reason) implements Revocation {
        public AllRevoked {
            requireNonNull(revokedAt, "revokedAt");
            requireNonNull(reason, "reason");
        }

        @Override
        public String key() {
            return "all";
        }
    }

    /** Every token of one user issued under a lower generation. */
    @EventType("io.bulwark.auth.user-revoked.v1")
    record UserRevoked(String userId, long generation, Instant revokedAt, String reason) implements Revocation {
        public UserRevoked {
            requireNonNull(userId, "userId");
            requireNonNull(revokedAt, "revokedAt");
            requireNonNull(reason, "reason");
        }

        @Override
        public String key() {
            return "user:" + userId;
        }
    }

    /** Every token of one session. */
    @EventType("io.bulwark.auth.session-revoked.v1")
    record SessionRevoked(String sessionId, Instant revokedAt, String reason) implements Revocation {
        public SessionRevoked {
            requireNonNull(sessionId, "sessionId");
            requireNonNull(revokedAt, "revokedAt");
            requireNonNull(reason, "reason");
        }

        @Override
        public String key() {
            return "session:" + sessionId;
        }
    }

    /** Every token of one machine client issued under a lower generation. */
    @EventType("io.bulwark.auth.client-revoked.v1")
    record ClientRevoked(String clientId, long generation, Instant revokedAt, String reason) implements Revocation {
        public ClientRevoked {
            requireNonNull(clientId, "clientId");
            requireNonNull(revokedAt, "revokedAt");
            requireNonNull(reason, "reason");
        }

        @Override
        public String key() {
            return "client:" + clientId;
        }
    }
}
