package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * What a gateway, a web application firewall or an application sees of its traffic. An endpoint is its name or its path
 * with the variable parts collapsed ({@code /orders/{id}}); without one the whole application is meant.
 */
public sealed interface GatewayEvent extends SecurityEvent {

    /**
     * Requests were answered with 401 or 403; ratelimit-service itself tells of those that a limit refused with 429.
     *
     * @param address the client's, in canonical form
     * @param account as whom, where it is known
     * @param status 401, 403 or 429, where it is known
     * @param count how many of them this event stands for
     */
    @EventType("io.bulwark.gateway.access-denied.v1")
    record AccessDenied(
            String address,
            @Nullable String endpoint,
            @Nullable String account,
            @Nullable Integer status,
            int count) implements GatewayEvent {
        public AccessDenied {
            requireNonNull(address, "address");
        }

        @Override
        public String key() {
            return address;
        }
    }

    /**
     * A web application firewall refused requests.
     *
     * @param address the client's, in canonical form
     * @param rule what it matched, as the firewall names it
     * @param count how many of them this event stands for
     */
    @EventType("io.bulwark.gateway.waf-blocked.v1")
    record WafBlocked(String address, @Nullable String endpoint, String rule, int count) implements GatewayEvent {
        public WafBlocked {
            requireNonNull(address, "address");
            requireNonNull(rule, "rule");
        }

        @Override
        public String key() {
            return address;
        }
    }

    /**
     * More requests came from one place than it may send.
     *
     * @param target an address or a network (CIDR) in canonical form
     * @param requests how many there were within the window, where it is known
     */
    @EventType("io.bulwark.gateway.flood-detected.v1")
    record FloodDetected(
            String target,
            @Nullable String endpoint,
            @Nullable Long requests,
            @Nullable Duration window) implements GatewayEvent {
        public FloodDetected {
            requireNonNull(target, "target");
        }

        @Override
        public String key() {
            return target;
        }
    }

    /**
     * What was answered within a stretch of time, and how fast. The five classes may add up to less than all requests:
     * some get no answer. Response times are in milliseconds.
     *
     * @param window from a second to an hour, from {@code from} on
     * @param totalMs the sum of all response times, so that means over several summaries are exact
     * @param clients distinct client addresses
     */
    @EventType("io.bulwark.gateway.request-summary.v1")
    record RequestSummary(
            @Nullable String endpoint,
            Instant from,
            Duration window,
            long requests,
            long status1xx,
            long status2xx,
            long status3xx,
            long status4xx,
            long status5xx,
            @Nullable Double totalMs,
            @Nullable Double p50Ms,
            @Nullable Double p95Ms,
            @Nullable Double p99Ms,
            @Nullable Double maxMs,
            @Nullable Long clients)
            implements GatewayEvent {
        private static final String WHOLE_APPLICATION = "all";

        public RequestSummary {
            requireNonNull(from, "from");
            requireNonNull(window, "window");
        }

        @Override
        public String key() {
            return endpoint == null ? WHOLE_APPLICATION : endpoint;
        }
    }
}
