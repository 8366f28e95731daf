package io.bulwark.incident.detection;

import static java.util.Comparator.comparing;

import io.bulwark.incident.rule.Rule;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * When a figure of an application's traffic was above its threshold, over every window there is. A stretch of time counts
 * from the moment it ends and for one window's length. What is judged must have been told: see {@link TrafficJudge}.
 */
enum TrafficPolicy {
    /** The threshold is in percent of all requests. */
    SERVER_ERRORS {
        @Override
        long requests(Traffic traffic) {
            return traffic.requests();
        }

        @Override
        double figure(Traffic traffic) {
            return 100.0 * traffic.serverErrors() / traffic.requests();
        }

        @Override
        String finding(Traffic traffic) {
            return traffic.serverErrors() + " of " + traffic.requests() + " requests were answered with 5xx";
        }
    },

    /** The threshold is in milliseconds: the mean of all response times. */
    RESPONSE_TIMES {
        @Override
        long requests(Traffic traffic) {
            return traffic.timedRequests();
        }

        @Override
        double figure(Traffic traffic) {
            return traffic.totalMicros() / MICROS / traffic.timedRequests();
        }

        @Override
        String finding(Traffic traffic) {
            return traffic.timedRequests() + " requests took " + Math.round(figure(traffic)) + " ms on average";
        }
    };

    private static final double MICROS = 1_000;

    /** A time above the threshold, with what was seen when it began. */
    record Stretch(Episode episode, Traffic found) {}

    /** What counts: at least some requests, of which the figure is taken. */
    abstract long requests(Traffic traffic);

    abstract double figure(Traffic traffic);

    abstract String finding(Traffic traffic);

    /**
     * The times above the threshold from one moment to another.
     *
     * @param traffic all that ended less than a window before {@code from}, and all until {@code to}
     * @param least requests without which nothing is concluded
     */
    List<Stretch> exceeded(Rule rule, int least, Collection<Traffic> traffic, Instant from, Instant to) {
        var steps = traffic.stream().sorted(comparing(Traffic::until)).toList();
        var moments = new TreeSet<Instant>();
        moments.add(from);
        for (var step : steps) {
            moments.add(step.until());
            moments.add(step.until().plus(rule.window()));
        }
        var present = new Present(steps);
        var stretches = new ArrayList<Stretch>();
        @Nullable Instant since = null;
        var found = Traffic.NONE;
        for (var moment : moments.subSet(from, true, to, false)) {
            var sum = present.move(moment.minus(rule.window()), moment);
            var above = requests(sum) >= least && figure(sum) > rule.threshold();
            if (above && since == null) {
                since = moment;
                found = sum;
            } else if (!above && since != null) {
                stretches.add(new Stretch(new Episode(null, since, moment), found));
                since = null;
            }
        }
        if (since != null) {
            stretches.add(new Stretch(new Episode(null, since, to), found));
        }
        return stretches;
    }

    /** The sum of what is within a window that only moves on. */
    private static final class Present {
        private final List<Traffic> steps;
        private int entering;
        private int leaving;
        private Traffic sum = Traffic.NONE;

        Present(List<Traffic> steps) {
            this.steps = steps;
        }

        Traffic move(Instant after, Instant until) {
            while (entering < steps.size() && !steps.get(entering).until().isAfter(until)) {
                sum = sum.and(steps.get(entering++));
            }
            while (leaving < entering && !steps.get(leaving).until().isAfter(after)) {
                sum = sum.without(steps.get(leaving++));
            }
            return sum;
        }
    }
}
