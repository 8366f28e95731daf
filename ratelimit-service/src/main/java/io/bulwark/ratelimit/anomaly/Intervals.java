package io.bulwark.ratelimit.anomaly;

import io.bulwark.events.GatewayEvent.RequestSummary;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;

/** Stretches of time in which requests are counted together, from the full hour on. */
final class Intervals {
    private static final Duration LONGEST = Duration.ofHours(1);

    private Intervals() {}

    static boolean isPossible(Duration window) {
        return window.isPositive() && window.compareTo(LONGEST) <= 0;
    }

    /** When the interval around this time begins. */
    static Instant of(Instant time, Duration interval) {
        return Instant.ofEpochSecond(
                time.getEpochSecond() - Math.floorMod(time.getEpochSecond(), interval.toSeconds()));
    }

    /** The summary's requests, evenly over the intervals that it covers. */
    static Map<Instant, Double> spread(RequestSummary summary, Duration interval) {
        return spread(summary.requests(), summary.from(), summary.from().plus(summary.window()), interval);
    }

    /** The requests from one time until a later one, evenly over the intervals between. */
    static Map<Instant, Double> spread(long requests, Instant begin, Instant end, Duration interval) {
        var spread = new TreeMap<Instant, Double>();
        var nanos = (double) Duration.between(begin, end).toNanos();
        for (var at = of(begin, interval); at.isBefore(end); at = at.plus(interval)) {
            var from = at.isAfter(begin) ? at : begin;
            var until = at.plus(interval).isBefore(end) ? at.plus(interval) : end;
            spread.put(at, requests * (Duration.between(from, until).toNanos() / nanos));
        }
        return spread;
    }
}
