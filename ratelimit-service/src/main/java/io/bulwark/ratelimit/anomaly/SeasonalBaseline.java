package io.bulwark.ratelimit.anomaly;

import static io.bulwark.ratelimit.anomaly.HourSummary.median;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.IntStream;

/**
 * What is usual at a time: the median of the same hour of the week over some weeks, of the same hour of the day over two
 * weeks where that is not known, and of the last day where neither is. Medians, so that neither an attack nor a holiday in
 * the past makes a difference.
 *
 * @param weeks of the same hour that are looked back at
 * @param zone in which hours of the day and days of the week are meant
 */
record SeasonalBaseline(int weeks, ZoneId zone) {
    private static final int ENOUGH = 3;
    private static final int DAYS = 14;
    private static final int HOURS = 24;
    private static final int ENOUGH_HOURS = 6;

    /** What the standard deviation of a normal distribution is of its MAD. */
    private static final double NORMAL = 1.4826;

    /** Growth shows in the last day first; more than double within a day is no growth. */
    private static final double MOST_GROWTH = 2;

    private static final Duration HALF_AN_HOUR = Duration.ofMinutes(30);

    /** @param deviation robust standard deviation, that of the requests' own randomness apart */
    record Usual(double requests, double deviation) {}

    /** The hours of which {@link #at} may want to know. */
    Set<Instant> hours(Instant time) {
        var hours = new TreeSet<Instant>();
        around(time).forEach(hour -> seasons(hour).forEach(hours::addAll));
        hours.addAll(lastDay(hourOf(time)));
        return hours;
    }

    /**
     * What is usual in an interval around this time; empty while too little was learned.
     *
     * @param known of the hours before
     */
    Optional<Usual> at(Instant time, Map<Instant, HourSummary> known) {
        var hours = around(time);
        var earlier = ofHour(hours.getFirst(), hourOf(time), known);
        var later = ofHour(hours.getLast(), hourOf(time), known);
        if (earlier.isEmpty() || later.isEmpty()) {
            return Optional.empty();
        }
        // from the middle of one hour to the middle of the next, as traffic rises and falls
        var share = Duration.between(hours.getFirst().plus(HALF_AN_HOUR), time).toSeconds()
                / (double) ChronoUnit.HOURS.getDuration().toSeconds();
        var growth = growth(hourOf(time), known);
        return Optional.of(new Usual(
                growth * mix(earlier.get().requests(), later.get().requests(), share),
                growth * mix(earlier.get().deviation(), later.get().deviation(), share)));
    }

    /** What is usual in an interval of this hour, without growth; 0 while too little was learned. */
    double ofHour(Instant hour, Map<Instant, HourSummary> known) {
        return ofHour(hour, hour, known).map(Usual::requests).orElse(0.0);
    }

    private Optional<Usual> ofHour(Instant hour, Instant before, Map<Instant, HourSummary> known) {
        for (var season : seasons(hour)) {
            var found = found(season, before, known);
            if (found.size() >= ENOUGH) {
                return Optional.of(usual(found));
            }
        }
        var found = found(lastDay(before), before, known);
        return found.size() >= ENOUGH_HOURS ? Optional.of(usual(found)) : Optional.empty();
    }

    private static Usual usual(List<HourSummary> hours) {
        var medians = values(hours, HourSummary::median);
        var requests = median(medians);
        var between = NORMAL * median(deviations(medians, requests));
        var within = NORMAL * median(values(hours, HourSummary::deviation));
        return new Usual(requests, Math.hypot(between, within));
    }

    private double growth(Instant hour, Map<Instant, HourSummary> known) {
        var ratios = found(lastDay(hour), hour, known).stream()
                .mapToDouble(HourSummary::ratio)
                .filter(Double::isFinite)
                .toArray();
        return ratios.length < ENOUGH_HOURS ? 1 : Math.clamp(median(ratios), 1, MOST_GROWTH);
    }

    /** The same hour of the week, then the same hour of the day. */
    private List<List<Instant>> seasons(Instant hour) {
        var local = hour.atZone(zone);
        return List.of(
                IntStream.rangeClosed(1, weeks)
                        .mapToObj(week -> local.minusWeeks(week).toInstant())
                        .toList(),
                IntStream.rangeClosed(1, DAYS)
                        .mapToObj(day -> local.minusDays(day).toInstant())
                        .toList());
    }

    private static List<Instant> lastDay(Instant hour) {
        return IntStream.rangeClosed(1, HOURS)
                .mapToObj(back -> hour.minus(back, ChronoUnit.HOURS))
                .toList();
    }

    /** The hours whose middles the time lies between. */
    private static List<Instant> around(Instant time) {
        var earlier = hourOf(time.minus(HALF_AN_HOUR));
        return List.of(earlier, earlier.plus(1, ChronoUnit.HOURS));
    }

    private static Instant hourOf(Instant time) {
        return time.truncatedTo(ChronoUnit.HOURS);
    }

    /** What is known of them; nothing of what came later than the time in question. */
    private static List<HourSummary> found(List<Instant> hours, Instant before, Map<Instant, HourSummary> known) {
        var found = new ArrayList<HourSummary>();
        for (var hour : hours) {
            var summary = hour.isBefore(before) ? known.get(hour) : null;
            if (summary != null) {
                found.add(summary);
            }
        }
        return found;
    }

    private static double[] values(List<HourSummary> hours, Function<HourSummary, Double> value) {
        return hours.stream().mapToDouble(value::apply).toArray();
    }

    private static double[] deviations(double[] values, double middle) {
        return Arrays.stream(values).map(value -> Math.abs(value - middle)).toArray();
    }

    private static double mix(double one, double other, double share) {
        return one + (other - one) * share;
    }
}
