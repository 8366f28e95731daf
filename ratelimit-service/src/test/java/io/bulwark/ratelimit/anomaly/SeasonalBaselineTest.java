package io.bulwark.ratelimit.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SeasonalBaselineTest {
    private static final Instant NOON = Instant.parse("2026-06-15T12:00:00Z");
    private static final Instant HALF_PAST = NOON.plus(Duration.ofMinutes(30));

    private final SeasonalBaseline baseline = new SeasonalBaseline(5, ZoneId.of("UTC"));
    private final Map<Instant, HourSummary> known = new HashMap<>();

    @Test
    void nothingIsUsualWhereNothingIsKnown() {
        assertThat(baseline.at(HALF_PAST, known)).isEmpty();
        learn(NOON.minus(Duration.ofHours(1)), 100);
        assertThat(baseline.at(HALF_PAST, known)).isEmpty();
    }

    @Test
    void theSameHourOfTheWeekCountsMost() {
        weeks(100, 110, 90);
        days(7, 500);

        assertThat(requests(HALF_PAST)).isEqualTo(100);
    }

    @Test
    void neitherAnAttackNorAHolidayInThePastMakesADifference() {
        weeks(100, 9_000, 110, 3, 105);

        assertThat(requests(HALF_PAST)).isEqualTo(105);
    }

    @Test
    void withoutWeeksTheSameHourOfTheDayCounts() {
        days(4, 70);

        assertThat(requests(HALF_PAST)).isEqualTo(70);
    }

    @Test
    void withoutDaysTheLastHoursCount() {
        for (var hour = 1; hour <= 7; hour++) {
            learn(NOON.minus(Duration.ofHours(hour)), 10 * hour);
        }

        assertThat(requests(HALF_PAST)).isEqualTo(40);
    }

    @Test
    void betweenTwoHoursTrafficRisesAsItDid() {
        for (var week = 1; week <= 3; week++) {
            learn(NOON.minus(Duration.ofDays(7L * week)), 100);
            learn(NOON.plus(Duration.ofHours(1)).minus(Duration.ofDays(7L * week)), 200);
        }

        assertThat(requests(NOON.plus(Duration.ofMinutes(30)))).isEqualTo(100);
        assertThat(requests(NOON.plus(Duration.ofMinutes(60)))).isCloseTo(150, within(0.01));
        assertThat(requests(NOON.plus(Duration.ofMinutes(75)))).isCloseTo(175, within(0.01));
    }

    @Test
    void growthOfTheLastDayRaisesWhatIsUsualAndALullDoesNotLowerIt() {
        weeks(100, 100, 100);
        lastDay(1.4);
        assertThat(requests(HALF_PAST)).isCloseTo(140, within(0.01));
        lastDay(7);
        assertThat(requests(HALF_PAST)).as("that is no growth").isCloseTo(200, within(0.01));
        lastDay(0.3);
        assertThat(requests(HALF_PAST)).isCloseTo(100, within(0.01));
    }

    @Test
    void hoursOfTheDayAreThoseOfTheZoneAlsoWhereTheClockWasChanged() {
        var berlin = new SeasonalBaseline(5, ZoneId.of("Europe/Berlin"));
        // 12:00 in Berlin, before and after summer time began on March 29
        for (var week = 1; week <= 3; week++) {
            learn(
                    Instant.parse("2026-03-31T10:00:00Z")
                            .minus(Duration.ofDays(7L * week))
                            .plus(Duration.ofHours(1)),
                    300);
        }

        assertThat(berlin.ofHour(Instant.parse("2026-03-31T10:00:00Z"), known)).isEqualTo(300);
    }

    @Test
    void nothingIsLearnedFromWhatCameLater() {
        weeks(100, 100, 100);
        learn(NOON.plus(Duration.ofHours(1)), 900);
        learn(NOON, 900);

        assertThat(requests(HALF_PAST)).isEqualTo(100);
    }

    private void weeks(double... medians) {
        for (var week = 1; week <= medians.length; week++) {
            learn(NOON.minus(Duration.ofDays(7L * week)), medians[week - 1]);
            learn(NOON.minus(Duration.ofDays(7L * week)).plus(Duration.ofHours(1)), medians[week - 1]);
        }
    }

    private void days(int days, double median) {
        for (var day = 1; day <= days; day++) {
            known.putIfAbsent(NOON.minus(Duration.ofDays(day)), new HourSummary(median, 1, 1));
            known.putIfAbsent(
                    NOON.minus(Duration.ofDays(day)).plus(Duration.ofHours(1)), new HourSummary(median, 1, 1));
        }
    }

    private void lastDay(double ratio) {
        for (var hour = 1; hour <= 20; hour++) {
            known.put(NOON.minus(Duration.ofHours(hour)), new HourSummary(100 * ratio, 1, ratio));
        }
    }

    private void learn(Instant hour, double median) {
        known.put(hour, new HourSummary(median, 1, Double.NaN));
    }

    private double requests(Instant at) {
        return baseline.at(at, known).orElseThrow().requests();
    }
}
