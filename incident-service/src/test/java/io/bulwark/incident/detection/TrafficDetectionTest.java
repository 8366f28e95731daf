package io.bulwark.incident.detection;

import static io.bulwark.incident.Api.incident;
import static io.bulwark.incident.Api.incidentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.AttackEvent.CredentialStuffingDetected;
import io.bulwark.events.AttackEvent.RateAnomalyDetected;
import io.bulwark.events.GatewayEvent.FloodDetected;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.IncidentEvent.IncidentOpened;
import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Request summaries and detections on the topic, incidents on the other. */
@SuiteTest
class TrafficDetectionTest {
    private static final Instant START =
            Instant.now().truncatedTo(ChronoUnit.MINUTES).minus(Duration.ofDays(2));
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final Duration HOUR = Duration.ofHours(1);

    private final AgroalDataSource dataSource;
    private String application;

    TrafficDetectionTest(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @BeforeEach
    void chooseAnApplication() {
        application = "app-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void moreThanFivePercentOfServerErrorsIsOneIncidentHoweverLongItLasts() {
        try (var gateway = EventSender.as("ratelimit-service");
                var incidents = EventProbe.on(Topic.INCIDENTS)) {
            gateway.send(summary(0, 100, 5, null), application, START);
            var worse = summary(1, 20, 2, null);
            gateway.send(gateway.send(worse, application, START), worse);
            for (var minute = 2; minute < 12; minute++) {
                gateway.send(summary(minute, 100, 50, null), application, START);
            }

            var opened = incidents.await(IncidentOpened.class, this::isOurs);
            assertThat(opened.data().rule()).isEqualTo("server-error-rate");
            assertThat(opened.data().severity()).isEqualTo(Severity.P0);
            assertThat(opened.data().detectedAt()).isEqualTo(START.plusSeconds(120));
            assertThat(incident(opened.data().incidentId()).getString("timeline[0].text"))
                    .contains("7 of 120 requests");
        }
        awaitJudgement(12);

        assertThat(incidentsOf(application)).hasSize(1);
    }

    @Test
    void slowAnswersAndAFloodAreIncidentsAndWhatOnlyWatchesIsNone() {
        try (var gateway = EventSender.as("ratelimit-service")) {
            gateway.send(stuffing(true), application, START);
            gateway.send(anomaly(true), application, START);
            gateway.send(summary(0, 20, 1, 20_001.0), application, START);
            gateway.send(new FloodDetected("198.51.100.0/24", null, null, null), application, START);
            // Of keys as before, so they are consumed after; so much later that both would be two incidents.
            gateway.send(stuffing(false), application, START.plus(HOUR.multipliedBy(3)));
            gateway.send(anomaly(false), application, START.plus(HOUR.multipliedBy(3)));

            await().untilAsserted(() -> assertThat(incidentsOf(application))
                    .extracting(incident -> incident.get("rule") + " " + incident.get("severity"))
                    .containsExactlyInAnyOrder(
                            "response-time P2", "floods P1", "credential-stuffing P1", "rate-anomalies P2"));
        }
    }

    /** A moment is looked at again when its window is over. */
    private void awaitJudgement(int moments) {
        await().untilAsserted(() -> {
            try (var connection = dataSource.getConnection();
                    var query = connection.prepareStatement(
                            "select count(*) from traffic where application = ? and judge_at > now() + interval '1 min'")) {
                query.setString(1, application);
                try (var row = query.executeQuery()) {
                    row.next();
                    assertThat(row.getInt(1)).isEqualTo(moments);
                }
            }
        });
    }

    private boolean isOurs(IncidentOpened opened) {
        return incident(opened.incidentId()).getString("application").equals(application);
    }

    private static CredentialStuffingDetected stuffing(boolean shadow) {
        return new CredentialStuffingDetected("203.0.113.7", 20, 20, HOUR, START, START.plusSeconds(1), shadow);
    }

    private RateAnomalyDetected anomaly(boolean shadow) {
        return new RateAnomalyDetected(application, null, 9, 1, 2, 8, MINUTE, START, START, shadow);
    }

    private static RequestSummary summary(int minute, long requests, long errors, @Nullable Double totalMs) {
        return new RequestSummary(
                "/orders",
                START.plus(Duration.ofMinutes(minute)),
                MINUTE,
                requests,
                0,
                requests - errors,
                0,
                0,
                errors,
                totalMs,
                null,
                null,
                null,
                null,
                null);
    }
}
