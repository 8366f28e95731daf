package io.bulwark.ratelimit.anomaly;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.AttackEvent.RateAnomalyDetected;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.EventTypes;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Request summaries on the topic, anomalies on it too. */
@SuiteTest
class AnomalyDetectionTest {
    private static final Duration QUIET = Duration.ofMillis(400);
    private static final Duration FIVE = Duration.ofMinutes(5);

    /** Begins an interval; the two after it are over. */
    private final Instant first = Intervals.of(Instant.now(), FIVE).minus(FIVE).minus(FIVE);

    private EventSender gateway;
    private EventProbe attacks;

    @BeforeEach
    void open() {
        gateway = EventSender.as("ratelimit-service");
        attacks = EventProbe.on(Topic.SECURITY_EVENTS);
    }

    @AfterEach
    void close() {
        gateway.close();
        attacks.close();
    }

    @Test
    void fiveTimesTheUsualRequestsAreToldOfOnceAsWatched() throws SQLException {
        learned("surge", "search");
        report("surge", "search", first, 500);
        report("surge", "search", first.plus(FIVE), 300);
        report("surge", "search", first.plus(FIVE).plusSeconds(60), 220);

        var anomaly = attacks.await(
                RateAnomalyDetected.class, event -> event.application().equals("surge"));

        assertThat(anomaly.application()).isEqualTo("surge");
        assertThat(anomaly.data().endpoint()).isEqualTo("search");
        assertThat(anomaly.data().requests()).isBetween(226L, 520L);
        assertThat(anomaly.data().expected()).isCloseTo(100, within(1.0));
        assertThat(anomaly.data().threshold()).isCloseTo(225, within(3.0));
        assertThat(anomaly.data().score()).isGreaterThan(6);
        assertThat(anomaly.data().window()).isEqualTo(FIVE);
        assertThat(anomaly.data().firstAt()).isEqualTo(first);
        assertThat(anomaly.data().shadow())
                .as("until somebody has looked at what it finds")
                .isTrue();
        assertThat(Api.as("auditor")
                        .get("/api/v1/detections?policy=rate-anomaly&application=surge")
                        .<String>path("items[0].outcome"))
                .isEqualTo("watched");

        report("surge", "search", first.plus(FIVE).plus(FIVE), 900);
        awaitRequests("surge", first.plus(FIVE).plus(FIVE), 900);
        assertThat(attacks.seenAfter(
                        QUIET,
                        RateAnomalyDetected.class,
                        event -> event.application().equals("surge")))
                .hasSize(1);
    }

    @Test
    void aSingleIntervalIsNoAnomaly() throws SQLException {
        learned("burst", null);
        report("burst", null, first, 2_000);
        report("burst", null, first.plus(FIVE), 100);
        awaitRequests("burst", first.plus(FIVE), 100);

        assertThat(attacks.seenAfter(
                        QUIET,
                        RateAnomalyDetected.class,
                        event -> event.application().equals("burst")))
                .isEmpty();
    }

    @Test
    void whatIsNotKnownYetIsLearned() throws SQLException {
        reportHour("fresh");

        await().atMost(SOON).until(() -> median("fresh") == 105.5);

        assertThat(number("select deviation from ratelimit.request_hour where application = 'fresh'"))
                .isEqualTo(3);
        assertThat(attacks.seenAfter(
                        QUIET,
                        RateAnomalyDetected.class,
                        event -> event.application().equals("fresh")))
                .isEmpty();
    }

    @Test
    void whatIsReportedLateIsAddedToAllThatIsKnownOfItsHour() throws SQLException {
        var hour = reportHour("late");
        await().atMost(SOON).until(() -> median("late") == 105.5);

        report("late", "search", hour, 1);
        awaitRequests("late", hour, 101);

        assertThat(median("late")).isEqualTo(105.5);
    }

    @Test
    void anEndpointThatNoIndexTakesKeepsNobodyFromLearning() {
        var random = new Random(7);
        var noise = new StringBuilder("/");
        while (noise.length() < 6_000) {
            noise.append(Long.toHexString(random.nextLong()));
        }
        var noisy = summary(noise.toString(), first, 70);
        // without a subject, which may not be that long
        var envelope = new Envelope(
                EventIds.next().toString(), "/edge", EventTypes.nameOf(noisy.getClass()), null, first, "noisy", null);
        gateway.send(envelope, noisy);
        report("noisy", "search", first, 80);

        awaitRequests("noisy", first, 80);
    }

    /** Five weeks of a hundred requests in every interval. */
    private void learned(String application, @Nullable String endpoint) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var insert = connection.prepareStatement("""
                        insert into ratelimit.request_hour (application, endpoint, source, minutes, at, median, deviation, ratio)
                        select ?, ?, 'reports', 5, date_trunc('hour', now(), 'UTC') - interval '1 hour' * n, 100, 5, 'NaN'
                        from generate_series(-1, 5 * 7 * 24 + 2) as n""")) {
            insert.setString(1, application);
            insert.setString(2, endpoint == null ? "" : endpoint);
            insert.executeUpdate();
        }
    }

    /** An hour with 100 to 111 requests in its intervals; when it began. */
    private Instant reportHour(String application) {
        var hour = Intervals.of(Instant.now(), Duration.ofHours(1)).minus(Duration.ofHours(3));
        for (var i = 0; i < 12; i++) {
            report(application, "search", hour.plus(FIVE.multipliedBy(i)), 100 + i);
        }
        return hour;
    }

    private void report(String application, @Nullable String endpoint, Instant from, long requests) {
        gateway.send(summary(endpoint, from, requests), application, from.plusSeconds(59));
    }

    private static RequestSummary summary(@Nullable String endpoint, Instant from, long requests) {
        return new RequestSummary(
                endpoint,
                from,
                Duration.ofMinutes(1),
                requests,
                0,
                requests,
                0,
                0,
                0,
                null,
                null,
                null,
                null,
                null,
                null);
    }

    private static void awaitRequests(String application, Instant at, double requests) {
        await().atMost(SOON)
                .until(() ->
                        number("select coalesce(sum(requests), 0) from ratelimit.request_interval where application = '"
                                        + application + "' and at = '" + at + "'")
                                == requests);
    }

    private static double median(String application) throws SQLException {
        return number("select median from ratelimit.request_hour where application = '" + application + "'");
    }

    private static double number(String sql) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql)) {
            return result.next() ? result.getDouble(1) : Double.NaN;
        }
    }
}
