package io.bulwark.incident.detection;

import static io.bulwark.incident.Api.as;
import static io.bulwark.incident.Api.incident;
import static io.bulwark.incident.Api.incidentsOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.events.BackupEvent.BackupFailed;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.Envelope;
import io.bulwark.events.IncidentEvent.IncidentOpened;
import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
class DetectionTest {
    private static final Instant START =
            Instant.now().truncatedTo(ChronoUnit.MILLIS).minus(Duration.ofDays(2));

    private final AgroalDataSource dataSource;
    private final List<Envelope> sent = new ArrayList<>();
    private String application;

    DetectionTest(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @BeforeEach
    void chooseAnApplication() {
        sent.clear();
        application = "app-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void elevenFailedLoginsInAMinuteOpenOneIncident() {
        try (var auth = EventSender.as("auth-service");
                var incidents = EventProbe.on(Topic.INCIDENTS)) {
            for (var i = 0; i < 11; i++) {
                auth.send(failedLogin("203.0.113." + i), application, START.plusSeconds(i));
            }
            var opened = incidents.await(IncidentOpened.class, this::isOurs);
            for (var i = 11; i < 30; i++) {
                sent.add(auth.send(failedLogin("203.0.113." + i), application, START.plusSeconds(i)));
            }
            awaitConsumption();

            assertThat(incidentsOf(application)).hasSize(1);
            assertThat(opened.application()).isEqualTo(application);
            assertThat(opened.data().severity()).isEqualTo(Severity.P1);
            assertThat(opened.data().rule()).isEqualTo("failed-logins");
            assertThat(opened.data().detectedAt()).isEqualTo(START.plusSeconds(10));
            var incident = incident(opened.data().incidentId());
            assertThat(incident.getString("status")).isEqualTo("open");
            assertThat(incident.getString("timeline[0].text"))
                    .contains("11 within PT1M")
                    .contains("203.0.113.1");
            assertThat(Instant.parse(incident.getString("acknowledgeBy")))
                    .isEqualTo(Instant.parse(incident.getString("openedAt")).plus(Duration.ofHours(1)));
        }
    }

    @Test
    void anEventDeliveredTwiceCountsOnce() {
        try (var auth = EventSender.as("auth-service")) {
            for (var i = 0; i < 10; i++) {
                var event = failedLogin("203.0.113.7");
                auth.send(auth.send(event, application, START.plusSeconds(i)), event);
            }
            sent.add(auth.send(failedLogin("203.0.113.7"), "other-" + application, START)); // on the same partition
        }
        awaitConsumption();

        assertThat(incidentsOf(application)).isEmpty();
    }

    @Test
    void aBacklogSpreadOverTimeIsNoAttack() {
        try (var auth = EventSender.as("auth-service")) {
            for (var i = 0; i < 40; i++) {
                sent.add(auth.send(failedLogin("203.0.113.7"), application, START.plusSeconds(i * 10)));
            }
        }
        awaitConsumption();

        assertThat(incidentsOf(application)).isEmpty();
    }

    @Test
    void sixBlockedAddressesInAnHourOpenAnIncident() {
        try (var ratelimit = EventSender.as("ratelimit-service")) {
            for (var i = 0; i < 6; i++) {
                ratelimit.send(
                        blocked("198.51.100." + i, application, 1), application, START.plus(Duration.ofMinutes(i * 9)));
            }

            await().untilAsserted(() -> assertThat(incidentsOf(application))
                    .singleElement()
                    .satisfies(incident -> assertThat(incident)
                            .containsEntry("rule", "blocked-addresses")
                            .containsEntry("severity", "P2")));
        }
    }

    @Test
    void theSameAddressBlockedAgainIsOneAddress() {
        try (var ratelimit = EventSender.as("ratelimit-service")) {
            for (var i = 1; i <= 10; i++) {
                sent.add(ratelimit.send(blocked("198.51.100.7", application, i), application, START.plusSeconds(i)));
            }
            for (var i = 20; i < 25; i++) {
                sent.add(ratelimit.send(
                        blocked("198.51.100." + i, "other-" + application, 1),
                        "other-" + application,
                        START.plusSeconds(i)));
            }
            for (var i = 0; i < 4; i++) {
                sent.add(ratelimit.send(blocked("198.51.100." + i, application, 1), application, START.plusSeconds(i)));
            }
        }
        awaitConsumption();

        assertThat(incidentsOf(application)).isEmpty();
    }

    @Test
    void aFailedBackupOpensAnIncidentPerSource() {
        try (var backup = EventSender.as("backup-service")) {
            for (var source : List.of("orders", "orders", "users")) {
                var id = UUID.randomUUID().toString();
                backup.send(new BackupFailed(id, source, "dump", "connection refused"), application, START);
            }

            await().untilAsserted(() -> assertThat(incidentsOf(application))
                    .extracting(incident -> incident.get("title"))
                    .containsExactlyInAnyOrder("Backup failed: orders", "Backup failed: users"));
        }
    }

    @Test
    void moreThanFiftyAdministratorsActionsInAnHourOpenAnIncident() {
        try (var audit = EventSender.as("auth-service")) {
            for (var i = 0; i < 60; i++) {
                var roles = i < 51 ? List.of("admin") : List.of("operator");
                var action = new ActionRecorded(
                        "id", "root@example.com", roles, "user.create", null, Outcome.ALLOWED, null, Map.of(), 1);
                audit.send(action, application, START.plusSeconds(i * 60));
            }

            await().untilAsserted(() -> assertThat(incidentsOf(application))
                    .singleElement()
                    .satisfies(incident -> assertThat(incident)
                            .containsEntry("rule", "admin-actions")
                            .containsEntry(
                                    "detectedAt", START.plusSeconds(50 * 60).toString())));
        }
    }

    @Test
    void rulesAreThereToRead() {
        as("auditor")
                .get("/api/v1/alert-rules")
                .then()
                .statusCode(200)
                .body(
                        "items.name",
                        contains(
                                "admin-actions",
                                "backup-failed",
                                "blocked-addresses",
                                "credential-stuffing",
                                "failed-logins",
                                "floods",
                                "password-spraying",
                                "rate-anomalies",
                                "response-time",
                                "server-error-rate"))
                .body("items.find { it.name == 'failed-logins' }.threshold", equalTo(10))
                .body("items.find { it.name == 'failed-logins' }.window", equalTo("PT1M"));
        as("user").get("/api/v1/alert-rules").then().statusCode(403);
    }

    /** The effect of an event commits with its row in the inbox. */
    private void awaitConsumption() {
        await().untilAsserted(() -> {
            try (var connection = dataSource.getConnection();
                    var query = connection.prepareStatement("select count(*) from inbox where id = any (?)")) {
                var ids = sent.stream().map(Envelope::id).toArray();
                query.setArray(1, connection.createArrayOf("text", ids));
                try (var row = query.executeQuery()) {
                    row.next();
                    assertThat(row.getInt(1)).isEqualTo(ids.length);
                }
            }
        });
    }

    private boolean isOurs(IncidentOpened opened) {
        return incident(opened.incidentId()).getString("application").equals(application);
    }

    private static LoginFailed failedLogin(String address) {
        return new LoginFailed(address, "anna@example.com", null, LoginFailed.Reason.WRONG_PASSWORD);
    }

    private static IpBlocked blocked(String address, String application, long version) {
        return new IpBlocked(
                address,
                application,
                null,
                "guessing",
                "login",
                "ratelimit-service",
                "ban",
                1,
                START,
                START.plusSeconds(60),
                version);
    }
}
