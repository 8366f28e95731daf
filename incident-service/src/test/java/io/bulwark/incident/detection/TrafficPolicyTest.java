package io.bulwark.incident.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.detection.TrafficPolicy.Stretch;
import io.bulwark.incident.rule.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TrafficPolicyTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration WINDOW = Duration.ofMinutes(5);
    private static final int LEAST = 20;

    @Test
    void exactlyTheShareIsNotAboveIt() {
        assertThat(errors(minute(0, 100, 5))).isEmpty();
    }

    @Test
    void oneMoreIsAboveItForAsLongAsTheWindowHoldsIt() {
        assertThat(errors(minute(0, 100, 6))).singleElement().satisfies(stretch -> {
            assertThat(stretch.episode().start()).isEqualTo(START);
            assertThat(stretch.episode().end()).isEqualTo(START.plus(WINDOW));
            assertThat(stretch.found().serverErrors()).isEqualTo(6);
        });
    }

    @Test
    void fewRequestsSayNothing() {
        assertThat(errors(minute(0, 19, 19))).isEmpty();
        assertThat(errors(minute(0, 10, 10), minute(4, 10, 0))).hasSize(1);
        assertThat(errors(minute(0, 10, 10), minute(5, 10, 0))).isEmpty();
    }

    @Test
    void goodRequestsThatLeaveTheWindowMakeTheShareRise() {
        assertThat(errors(minute(0, 1_000, 0), minute(4, 100, 20)))
                .singleElement()
                .satisfies(stretch -> assertThat(stretch.episode().start()).isEqualTo(START.plus(WINDOW)));
    }

    @Test
    void theMeanIsOfThoseWhoseTimeIsKnown() {
        var slow = new Traffic(START, 100, 0, 20, 20_000_020);
        var found = TrafficPolicy.RESPONSE_TIMES.exceeded(rule(1_000), LEAST, List.of(slow), START, START.plus(WINDOW));
        assertThat(found).hasSize(1);
        assertThat(TrafficPolicy.RESPONSE_TIMES.finding(slow)).contains("20 requests took 1000 ms");
        assertThat(TrafficPolicy.RESPONSE_TIMES.exceeded(rule(1_001), LEAST, List.of(slow), START, START.plus(WINDOW)))
                .isEmpty();
    }

    /** Whatever the order, and compared with looking at every window's sum afresh. */
    @Test
    void agreesWithCountingEveryWindowAnew() {
        var random = new Random(7);
        for (var round = 0; round < 200; round++) {
            var traffic = new ArrayList<Traffic>();
            for (var i = 0; i < 30; i++) {
                traffic.add(minute(random.nextInt(40), random.nextInt(30), 0).and(minute(0, 5, random.nextInt(4))));
            }
            Collections.shuffle(traffic, random);
            var stretches = TrafficPolicy.SERVER_ERRORS.exceeded(
                    rule(5), LEAST, traffic, START, START.plus(Duration.ofMinutes(50)));
            for (var minute = 0; minute < 50; minute++) {
                var moment = START.plus(Duration.ofMinutes(minute));
                var sum = traffic.stream()
                        .filter(one -> one.until().isAfter(moment.minus(WINDOW)))
                        .filter(one -> !one.until().isAfter(moment))
                        .reduce(Traffic.NONE, Traffic::and);
                var above = sum.requests() >= LEAST && sum.serverErrors() * 100 > 5 * sum.requests();
                assertThat(stretches.stream()
                                .anyMatch(stretch -> !moment.isBefore(
                                                stretch.episode().start())
                                        && moment.isBefore(stretch.episode().end())))
                        .isEqualTo(above);
            }
        }
    }

    private static List<Stretch> errors(Traffic... traffic) {
        return TrafficPolicy.SERVER_ERRORS.exceeded(
                rule(5), LEAST, Arrays.asList(traffic), START, START.plus(Duration.ofHours(1)));
    }

    private static Traffic minute(int minute, long requests, long errors) {
        return new Traffic(START.plus(Duration.ofMinutes(minute)), requests, errors, 0, 0);
    }

    private static Rule rule(int threshold) {
        return new Rule("r", "R", "", Severity.P1, threshold, WINDOW, true);
    }
}
