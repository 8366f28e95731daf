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
        var spread = new TreeMap<Instant, Double>();
        var end = summary.from().plus(summary.window());
        var nanos = (double) summary.window().toNanos();
        for (var at = of(summary.from(), interval); at.isBefore(end); at = at.plus(interval)) {
            var from = at.isAfter(summary.from()) ? at : summary.from();
            var until = at.plus(interval).isBefore(end) ? at.plus(interval) : end;
            spread.put(at, summary.requests() * (Duration.between(from, until).toNanos() / nanos));
        }
        return spread;
    }
}
