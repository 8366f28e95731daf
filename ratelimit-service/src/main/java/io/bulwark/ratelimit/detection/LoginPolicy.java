package io.bulwark.ratelimit.detection;

import io.bulwark.kit.net.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

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

    /**
     * The newest failure that completes {@link #limit} of them within the window.
     *
     * @param newestFirst the failures of one place
     */
    Optional<Instant> deciding(List<Instant> newestFirst) {
        for (var i = 0; i + limit <= newestFirst.size(); i++) {
            var last = newestFirst.get(i);
            var first = newestFirst.get(i + limit - 1);
            if (Duration.between(first, last).compareTo(window) < 0) {
                return Optional.of(last);
            }
        }
        return Optional.empty();
    }
}
