package io.bulwark.ratelimit.detection;

import io.bulwark.ratelimit.episode.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * So many misdeeds of one place within the window, by the time at which they happened, and the place is blocked for the
 * duration.
 *
 * @param reason what a block by it says
 * @param shadow conclusions are noted, and nobody is blocked
 */
record CountPolicy(String name, String reason, int limit, Duration window, Duration duration, boolean shadow) {
    static final String LOGIN = "login";
    static final String WAF = "waf";
    static final String ACCESS_DENIED = "access-denied";
    static final String FLOOD = "flood";

    /** Any of them, as a regular expression. */
    static final String ANY = LOGIN + "|" + WAF + "|" + ACCESS_DENIED + "|" + FLOOD;

    static CountPolicy of(String name, String reason, DetectionConfig.Counted config) {
        return new CountPolicy(name, reason, config.limit(), config.window(), config.duration(), config.shadow());
    }

    /**
     * Which misdeeds completed {@link #limit} of them within the window.
     *
     * @param newestFirst those of one place, each as often as it counts
     * @param from older ones were decided about before
     */
    Optional<Span> decide(List<Instant> newestFirst, Instant from) {
        @Nullable Span decided = null;
        for (var i = 0; i + limit <= newestFirst.size(); i++) {
            var at = newestFirst.get(i);
            if (at.isBefore(from)) {
                break;
            }
            if (Duration.between(newestFirst.get(i + limit - 1), at).compareTo(window) < 0) {
                decided = new Span(at, decided == null ? at : decided.last());
            }
        }
        return Optional.ofNullable(decided);
    }

    /** Whether older misdeeds could not change what is decided about those since {@code from}. */
    boolean suffices(List<Instant> newestFirst, Instant from) {
        return newestFirst.size() >= limit
                && newestFirst.get(newestFirst.size() - limit).isBefore(from);
    }
}
