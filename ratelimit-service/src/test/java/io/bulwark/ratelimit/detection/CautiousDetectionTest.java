package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.AttackEvent.CredentialStuffingDetected;
import io.bulwark.events.AttackEvent.DistributedFloodDetected;
import io.bulwark.events.AttackEvent.RateAnomalyDetected;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.OperatorSettings;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.junit.TestProfile;
import java.sql.SQLException;
import java.time.Duration;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Detectors in shadow mode, and floods that block networks, as an operator may ask for. */
@SuiteTest
@TestProfile(OperatorSettings.class)
class CautiousDetectionTest extends DetectionScene {
    @Test
    void inShadowModeConclusionsAreNotedAndNobodyIsBlocked() {
        var address = Api.freshAddress();
        for (var i = 0; i < 6; i++) {
            fail(address, "victim-" + i, "shadow", now.minusSeconds(i));
        }

        var attack = attacks.await(
                CredentialStuffingDetected.class, event -> event.target().equals(address));

        assertThat(attack.data().shadow()).isTrue();
        awaitOutcome("login", "shadow", "watched");
        awaitOutcome("credential-stuffing", "shadow", "watched");
        assertNotBlocked(address);
    }

    @Test
    void aNetworkThatFloodsIsBlockedWhereThatIsAskedFor() {
        swarm("198.51.100.", "street");

        var block = blocks.await(IpBlocked.class, of("198.51.100.0/24"));

        assertThat(block.data().policy()).isEqualTo("distributed-flood");
    }

    @Test
    void aNetworkWhereSomebodyIsAtHomeIsSpared() {
        auth.send(
                new LoginSucceeded("203.0.113.99", "user-9", "neighbour@example.com", null),
                "village",
                now.minus(Duration.ofDays(5)));
        await().atMost(SOON).until(() -> SignIns.remembered("203.0.113.99"));
        swarm("203.0.113.", "village");

        var attack = attacks.await(
                DistributedFloodDetected.class, event -> event.network().equals("203.0.113.0/24"));

        assertThat(attack.data().spared()).isTrue();
        awaitOutcome("distributed-flood", "village", "spared");
        assertThat(blocks.seenAfter(
                        QUIET, IpBlocked.class, event -> event.application().equals("village")))
                .isEmpty();
    }

    @Test
    void aNetworkWithSomebodyOnTheAllowlistIsSpared() {
        var key = Api.gatewayKey("suburb");
        Api.block("192.0.2.200", "suburb", "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "login", "192.0.2.200") == 403);
        Api.as("admin")
                .body(Map.of("target", "192.0.2.200", "reason", "a partner", "application", "suburb", "force", true))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "login", "192.0.2.200") == 200);
        swarm("192.0.2.", "suburb");

        var attack = attacks.await(
                DistributedFloodDetected.class, event -> event.network().equals("192.0.2.0/24"));

        assertThat(attack.data().spared()).isTrue();
        assertNotBlocked("192.0.2.0/24");
    }

    @Test
    void anAnomalyIsToldOfAsOneWhereThatIsAskedFor() throws SQLException {
        var hour = now.truncatedTo(ChronoUnit.HOURS);
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.execute(
                    "insert into ratelimit.request_hour (application, endpoint, source, minutes, at, median, deviation, ratio)"
                            + " select 'asked', '', 'reports', 5, '" + hour
                            + "'::timestamptz - interval '1 hour' * n, 10, 1, 'NaN'"
                            + " from generate_series(-1, 900) as n");
        }
        for (var minutes = 16; minutes > 0; minutes -= 2) {
            auth.send(
                    new RequestSummary(
                            null,
                            now.minus(Duration.ofMinutes(minutes)),
                            Duration.ofMinutes(2),
                            400,
                            0,
                            400,
                            0,
                            0,
                            0,
                            null,
                            null,
                            null,
                            null,
                            null,
                            null),
                    "asked",
                    now);
        }

        var anomaly = attacks.await(
                RateAnomalyDetected.class, event -> event.application().equals("asked"));

        assertThat(anomaly.data().shadow()).isFalse();
        assertThat(anomaly.data().endpoint()).isNull();
        awaitOutcome("rate-anomaly", "asked", "noted");
    }

    private void swarm(String network, String application) {
        for (var i = 1; i <= 5; i++) {
            auth.send(new WafBlocked(network + i, null, "sqli", 1), application, now.minusSeconds(i));
        }
    }
}
