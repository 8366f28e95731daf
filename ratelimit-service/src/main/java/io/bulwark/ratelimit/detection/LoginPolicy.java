package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * So many failed sign-ins from one place within the window, by the time at which they happened, and the place is blocked
 * for the duration.
 */
record LoginPolicy(int limit, Duration window, Duration duration) {
    static final String NAME = "login";

    /** The endpoint on which sign-ins fail. */
    static final String ENDPOINT = "login";

    static final String REASON = "failed-logins";

    /** A household or a rented server owns a /64 at least. */
    private static final int V6_PLACE = 64;

    /** Where the failures of an address count. */
    static Network placeOf(Network address) {
        return address.isIpv6() ? address.masked(V6_PLACE) : address;
    }

    /** The first and the last failure of a time that decided; one where only one did. */
    record Decided(Instant first, Instant last) {}

    /**
     * Which failures completed {@link #limit} of them within the window.
     *
     * @param newestFirst the failures of one place
     * @param from older ones were decided about before
     */
    Optional<Decided> decide(List<Instant> newestFirst, Instant from) {
        @Nullable Decided decided = null;
        for (var i = 0; i + limit <= newestFirst.size(); i++) {
            var at = newestFirst.get(i);
            if (at.isBefore(from)) {
                break;
            }
            if (Duration.between(newestFirst.get(i + limit - 1), at).compareTo(window) < 0) {
                decided = new Decided(at, decided == null ? at : decided.last());
            }
        }
        return Optional.ofNullable(decided);
    }

    /** Whether older failures could not change what is decided about those since {@code from}. */
    boolean suffices(List<Instant> newestFirst, Instant from) {
        return newestFirst.size() >= limit
                && newestFirst.get(newestFirst.size() - limit).isBefore(from);
    }
}
