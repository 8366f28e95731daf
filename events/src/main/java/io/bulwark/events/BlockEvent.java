package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The state of a block; the newest per key counts. A block is one per target, application and endpoint, and so is the
 * key: {@code 203.0.113.7 shop} or {@code 2001:db8::/64 shop login}.
 */
public sealed interface BlockEvent extends SuiteEvent {
    /** An address or a network (CIDR) in canonical form (RFC 5952 for IPv6). */
    String target();

    /** The application behind whose gateways it holds. */
    String application();

    /** The endpoint it holds for; null for all of them. */
    @Nullable
    String endpoint();

    /** Grows with every change of the block; a lower one never overwrites a higher. */
    long version();

    @Override
    default Topic topic() {
        return Topic.IP_BLOCKED;
    }

    @Override
    default String key() {
        return key(target(), application(), endpoint());
    }

    @Override
    default String subject() {
        return target();
    }

    static String key(String target, String application, @Nullable String endpoint) {
        return endpoint == null ? target + " " + application : target + " " + application + " " + endpoint;
    }

    /**
     * The target is refused until then.
     *
     * @param policy the detection policy that decided; null where a person did
     * @param author who: a user id, or {@code ratelimit-service}
     * @param remediation {@code captcha} where whoever solves one may pass; {@code ban} or null where nobody may
     * @param offences which block in a row this is of the place, from 1 on; null where nobody counted
     */
    @EventType("io.bulwark.ratelimit.ip-blocked.v1")
    record IpBlocked(
            String target,
            String application,
            @Nullable String endpoint,
            String reason,
            @Nullable String policy,
            String author,
            @Nullable String remediation,
            @Nullable Integer offences,
            Instant blockedAt,
            Instant until,
            long version)
            implements BlockEvent {
        public IpBlocked {
            requireNonNull(target, "target");
            requireNonNull(application, "application");
            requireNonNull(reason, "reason");
            requireNonNull(author, "author");
            requireNonNull(blockedAt, "blockedAt");
            requireNonNull(until, "until");
        }
    }

    /** The block has ended, by a person or because its time was over. */
    @EventType("io.bulwark.ratelimit.ip-unblocked.v1")
    record IpUnblocked(
            String target,
            String application,
            @Nullable String endpoint,
            String reason,
            String author,
            Instant unblockedAt,
            long version)
            implements BlockEvent {
        public IpUnblocked {
            requireNonNull(target, "target");
            requireNonNull(application, "application");
            requireNonNull(reason, "reason");
            requireNonNull(author, "author");
            requireNonNull(unblockedAt, "unblockedAt");
        }
    }
}
