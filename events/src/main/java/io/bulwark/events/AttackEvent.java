package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the detectors concluded. {@code firstAt} and {@code lastAt} are the times of the observations that decided, and
 * {@code shadow} says that the detector only watches: nothing was done about it.
 */
public sealed interface AttackEvent extends SecurityEvent {
    boolean shadow();

    /**
     * One place tried many accounts.
     *
     * @param target an address; the /64 of an IPv6 one
     * @param accounts distinct ones within the window
     */
    @EventType("io.bulwark.ratelimit.credential-stuffing-detected.v1")
    record CredentialStuffingDetected(
            String target,
            int accounts,
            int threshold,
            Duration window,
            Instant firstAt,
            Instant lastAt,
            boolean shadow)
            implements AttackEvent {
        public CredentialStuffingDetected {
            requireNonNull(target, "target");
            requireNonNull(window, "window");
            requireNonNull(firstAt, "firstAt");
            requireNonNull(lastAt, "lastAt");
        }

        @Override
        public String key() {
            return target;
        }
    }

    /**
     * One account was tried from many places.
     *
     * @param account its name in lower case; its digest where it is longer than 320 characters
     * @param userId absent where no such account exists
     * @param places distinct ones within the window
     * @param targets the newest of them, at most 20
     */
    @EventType("io.bulwark.ratelimit.password-spraying-detected.v1")
    record PasswordSprayingDetected(
            String account,
            @Nullable String userId,
            int places,
            List<String> targets,
            int threshold,
            Duration window,
            Instant firstAt,
            Instant lastAt,
            boolean shadow)
            implements AttackEvent {
        public PasswordSprayingDetected {
            requireNonNull(account, "account");
            targets = List.copyOf(targets);
            requireNonNull(window, "window");
            requireNonNull(firstAt, "firstAt");
            requireNonNull(lastAt, "lastAt");
        }

        @Override
        public String key() {
            return account;
        }
    }

    /**
     * Many places of one network failed or were refused.
     *
     * @param network a /24, or a /48 of IPv6
     * @param places distinct ones within the window
     * @param observations what they were seen to do, all together
     * @param spared the network was not blocked, because of known-good sign-ins or the allowlist
     */
    @EventType("io.bulwark.ratelimit.distributed-flood-detected.v1")
    record DistributedFloodDetected(
            String network,
            int places,
            int observations,
            int threshold,
            Duration window,
            Instant firstAt,
            Instant lastAt,
            boolean spared,
            boolean shadow)
            implements AttackEvent {
        public DistributedFloodDetected {
            requireNonNull(network, "network");
            requireNonNull(window, "window");
            requireNonNull(firstAt, "firstAt");
            requireNonNull(lastAt, "lastAt");
        }

        @Override
        public String key() {
            return network;
        }
    }

    /**
     * An endpoint's requests left what is usual at this time of the day and the week.
     *
     * @param endpoint null where the whole application's requests did
     * @param requests within the window that ends at {@code lastAt}
     * @param expected the baseline's figure
     * @param threshold what the requests had to exceed
     * @param score the robust z-score
     */
    @EventType("io.bulwark.ratelimit.rate-anomaly-detected.v1")
    record RateAnomalyDetected(
            String application,
            @Nullable String endpoint,
            long requests,
            double expected,
            double threshold,
            double score,
            Duration window,
            Instant firstAt,
            Instant lastAt,
            boolean shadow)
            implements AttackEvent {
        public RateAnomalyDetected {
            requireNonNull(application, "application");
            requireNonNull(window, "window");
            requireNonNull(firstAt, "firstAt");
            requireNonNull(lastAt, "lastAt");
        }

        @Override
        public String key() {
            return endpoint == null ? application : application + " " + endpoint;
        }
    }
}
