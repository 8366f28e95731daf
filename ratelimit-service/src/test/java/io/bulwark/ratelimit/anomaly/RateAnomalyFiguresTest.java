package io.bulwark.ratelimit.anomaly;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.IntStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;

/** How often normal traffic is taken for an attack, and how soon an attack is seen. */
class RateAnomalyFiguresTest {
    private static final Logger LOG = Logger.getLogger(RateAnomalyFiguresTest.class);
    private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
    private static final int MINUTES = 5;
    private static final int PER_HOUR = 60 / MINUTES;
    private static final int PER_DAY = 24 * PER_HOUR;
    private static final int LEARNED_WEEKS = 5;
    private static final int JUDGED_WEEKS = 6;
    private static final int CONFIRMATIONS = 2;
    private static final boolean ALL = Boolean.getBoolean("bulwark.all");
    private static final int NORMAL_SEEDS = ALL ? 60 : 1;
    private static final int SURGE_SEEDS = ALL ? 8 : 2;
    private static final double[] BUSY = {2, 20, 200, 2_000, 20_000};

    private final SeasonalBaseline baseline = new SeasonalBaseline(5, ZoneId.of("UTC"));
    private final AnomalyPolicy policy = new AnomalyPolicy(6, 2.25, 50);

    @Test
    void normalTrafficIsNearlyNeverTakenForAnAttack() {
        var usual = falseAlarms("good and bad days by 10 %", 0.1);
        var rough = falseAlarms("good and bad days by 20 %", 0.2);

        assertThat(usual).isLessThanOrEqualTo(0.005);
        assertThat(rough).isLessThanOrEqualTo(0.15);
    }

    /** A week and endpoint. */
    private double falseAlarms(String what, double days) {
        var episodes = 0;
        var endpointWeeks = 0;
        for (var seed = 0; seed < NORMAL_SEEDS; seed++) {
            for (var busy : BUSY) {
                // others than those by which the defaults were chosen
                episodes += judge(new Traffic(busy, days, new Random(9_000_000L + 1_000L * seed + (long) busy)))
                        .size();
                endpointWeeks += JUDGED_WEEKS;
            }
        }
        LOG.infof(
                "%s: %d false alarms in %d weeks of an endpoint's generated normal traffic, %.4f a week, %.2g an interval",
                what,
                episodes,
                endpointWeeks,
                episodes / (double) endpointWeeks,
                episodes / (endpointWeeks * 7.0 * PER_DAY));
        return episodes / (double) endpointWeeks;
    }

    @Test
    void threeTimesTheTrafficIsSeenWithinMinutes() {
        for (var busy : new double[] {20, 200, 2_000}) {
            var delays = new ArrayList<Double>();
            var surges = 0;
            for (var seed = 0; seed < SURGE_SEEDS; seed++) {
                var random = new Random(5_000_000L + 77L * seed + (long) busy);
                var traffic = new Traffic(busy, 0.1, random);
                for (var day = 0; day < JUDGED_WEEKS * 7; day += 2) {
                    var begin = (LEARNED_WEEKS * 7 + day) * PER_DAY * MINUTES + 8 * 60 + random.nextInt(12 * 60);
                    surges++;
                    traffic.delay(begin, 3).ifPresent(delays::add);
                }
            }
            var sorted = delays.stream().sorted().toList();
            var power = delays.size() / (double) surges;
            LOG.infof(
                    "3x for 30 minutes at about %.0f requests in %d minutes by day: %d of %d seen (%.0f %%), median after "
                            + "%.0f minutes, nine of ten within %.0f",
                    busy,
                    MINUTES,
                    delays.size(),
                    surges,
                    100 * power,
                    sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() / 2),
                    sorted.isEmpty() ? Double.NaN : sorted.get(sorted.size() * 9 / 10));

            if (busy >= 200) {
                assertThat(power).isGreaterThan(0.9);
                assertThat(sorted.get(sorted.size() / 2)).isLessThanOrEqualTo(12);
            }
        }
    }

    /** Beginnings of what would be told of. */
    private List<Integer> judge(Traffic traffic) {
        var found = new ArrayList<Integer>();
        var inARow = 0;
        var last = -PER_DAY;
        for (var i = LEARNED_WEEKS * 7 * PER_DAY; i < traffic.requests.length; i++) {
            inARow = traffic.exceeds(i, traffic.requests[i]) ? inARow + 1 : 0;
            if (inARow >= CONFIRMATIONS) {
                if (i - last > CONFIRMATIONS) {
                    found.add(i);
                }
                last = i;
            }
        }
        return found;
    }

    /**
     * Requests as people make them: by the hour of the day and the day of the week, growing 2 % a week, good and bad days,
     * moods that last an hour or so, two holidays, a day of a campaign, and chance.
     */
    private final class Traffic {
        private final double[] expected = new double[(LEARNED_WEEKS + JUDGED_WEEKS) * 7 * PER_DAY];
        private final double[] requests = new double[expected.length];
        private final Map<Instant, HourSummary> known = new HashMap<>();
        private final Random random;

        Traffic(double busy, double unevenness, Random random) {
            this.random = random;
            var days = expected.length / PER_DAY;
            var daily = random.doubles(days, 0, 1)
                    .map(ignored -> Math.exp(unevenness * random.nextGaussian()))
                    .toArray();
            daily[random.nextInt(days)] *= 0.35;
            daily[random.nextInt(days)] *= 0.35;
            daily[LEARNED_WEEKS * 7 + random.nextInt(JUDGED_WEEKS * 7)] *= 1.4;
            var mood = 0.0;
            for (var i = 0; i < expected.length; i++) {
                mood = 0.9 * mood + 0.03 * random.nextGaussian();
                var hour = i % PER_DAY / (double) PER_HOUR;
                var day = i / PER_DAY;
                var byDay = 0.15 + 0.85 * Math.pow(Math.sin(Math.PI * Math.clamp((hour - 5) / 18, 0, 1)), 2);
                var byWeek = day % 7 >= 5 ? 0.6 : 1;
                var growth = Math.pow(1.02, day / 7.0);
                expected[i] = busy * byDay * byWeek * growth * daily[day] * Math.exp(mood);
                requests[i] = poisson(expected[i]);
            }
            IntStream.range(0, expected.length / PER_HOUR).forEach(this::learn);
        }

        private void learn(int hour) {
            var at = START.plus(Duration.ofHours(hour));
            var intervals = Arrays.copyOfRange(requests, hour * PER_HOUR, (hour + 1) * PER_HOUR);
            known.put(at, HourSummary.of(intervals, baseline.ofHour(at, known)));
        }

        boolean exceeds(int interval, double count) {
            var middle =
                    START.plus(Duration.ofMinutes((long) interval * MINUTES)).plusSeconds(MINUTES * 30L);
            return baseline.at(middle, known)
                    .filter(usual -> policy.judge(count, usual).exceeds())
                    .isPresent();
        }

        /** Minutes from the beginning until it is told of, reported by the minute; empty where it is not within half an hour. */
        OptionalDouble delay(int begin, double factor) {
            var inARow = 0;
            for (var interval = begin / MINUTES; interval <= (begin + 30) / MINUTES; interval++) {
                var count = 0.0;
                var above = false;
                for (var minute = interval * MINUTES; minute < (interval + 1) * MINUTES && !above; minute++) {
                    var attacked = minute >= begin && minute < begin + 30;
                    count += poisson(expected[interval] / MINUTES * (attacked ? factor : 1));
                    above = exceeds(interval, count);
                    if (above && ++inARow >= CONFIRMATIONS) {
                        return OptionalDouble.of(minute + 1.0 - begin);
                    }
                }
                inARow = above ? inARow : 0;
            }
            return OptionalDouble.empty();
        }

        private double poisson(double mean) {
            if (mean > 100) {
                return Math.max(0, Math.rint(mean + Math.sqrt(mean) * random.nextGaussian()));
            }
            var limit = Math.exp(-mean);
            var product = random.nextDouble();
            var count = 0;
            while (product > limit) {
                product *= random.nextDouble();
                count++;
            }
            return count;
        }
    }
}
