package io.bulwark.audit.log;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.audit.Recorded;
import io.bulwark.events.BackupEvent.BackupFailed;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.IncidentEvent.IncidentClosed;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.Revocation.UserRevoked;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.events.SuiteEvent;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.bulwark.testkit.Tokens;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.sql.SQLException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class IngestionTest {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00.123456Z");

    @Test
    void eventOfAnyTopicIsStoredOnceThoughDeliveredTwice() throws SQLException {
        var sent = new LinkedHashMap<String, Topic>();
        for (var event : oneOfEachTopic()) {
            try (var sender = EventSender.as(
                    event.topic().writers().stream().sorted().findFirst().orElseThrow())) {
                var envelope = sender.send(event, "shop", TIME);
                sender.send(envelope, event);
                var marker = sender.send(event, "shop", TIME.plusSeconds(1));
                Recorded.awaited(marker.id());
                sent.put(envelope.id(), event.topic());
            }
        }
        assertThat(sent.values()).containsExactlyInAnyOrder(Topic.values());
        for (var event : sent.entrySet()) {
            assertThat(count("event_id = '" + event.getKey() + "'"))
                    .as(event.getValue().name())
                    .isOne();
            assertThat(Recorded.find("eventId", event.getKey()).getString("items[0].topic"))
                    .isEqualTo(event.getValue().topicName());
        }
        assertThat(number("select max(index) + 1 - count(*) from audit.entry"))
                .as("gaps")
                .isZero();
    }

    @Test
    void typeThatNobodyKnowsYetIsStoredWithAllItSays() {
        var id = EventIds.next().toString();
        try (var sender = EventSender.as("auth-service")) {
            sender.sendRaw(
                    "security-events",
                    "k",
                    headers(id, "io.bulwark.future.passkey-stolen.v7"),
                    "{\"userId\":\"u-77\",\"passkey\":\"blue\"}".getBytes(UTF_8));
        }
        var entry = Recorded.awaited(id);
        assertThat(entry.getString("items[0].type")).isEqualTo("io.bulwark.future.passkey-stolen.v7");
        assertThat(entry.getString("items[0].actorId")).isEqualTo("u-77");
        assertThat(entry.getString("items[0].data.passkey")).isEqualTo("blue");
    }

    @Test
    void dataTooLargeForALeafIsKeptWholeAndAsItCame() throws GeneralSecurityException {
        var id = EventIds.next().toString();
        var text = "x".repeat(200_000);
        var data = ("{ \"text\" : \"" + text + "\" }").getBytes(UTF_8);
        try (var sender = EventSender.as("auth-service")) {
            sender.sendRaw("security-events", "k", headers(id, "io.bulwark.future.large.v1"), data);
        }
        var entry = Recorded.awaited(id);
        assertThat(entry.<Object>get("items[0].data")).isNull();
        var whole = given().auth()
                .oauth2(Tokens.of("auditor"))
                .get("/api/v1/entries/" + entry.getLong("items[0].index"))
                .jsonPath();
        assertThat(whole.getString("data.text")).isEqualTo(text);
        assertThat(whole.getString("payload")).asBase64Decoded().isEqualTo(data);
        assertThat(whole.getString("leaf")).asBase64Decoded().endsWith(sha256(data));
    }

    @Test
    void recordThatIsNoEventIsSetAsideAndTombstonesPass() {
        try (var deadLetters = EventProbe.on("ip-blocked.dlq");
                var sender = EventSender.as("ratelimit-service")) {
            sender.sendRaw("ip-blocked", "203.0.113.1 shop", Map.of(), null);
            sender.sendRaw("ip-blocked", "203.0.113.1 shop", Map.of("foreign", "yes"), "rubbish".getBytes(UTF_8));
            var marker = sender.send(unblocked(), "shop", TIME);
            Recorded.awaited(marker.id());
            var letter = deadLetters.awaitRecord(found -> found.headers().lastHeader("foreign") != null);
            assertThat(letter.value()).isEqualTo("rubbish".getBytes(UTF_8));
        }
    }

    @Test
    void identityThatComesAgainWithOtherContentRaisesAnAlarmAndKeepsTheFirst() {
        double before = conflicts();
        var first = Recorded.action("u-first", null, "admin", "block.create");
        var forged = Recorded.action("u-first", null, "admin", "nothing.at-all");
        try (var sender = EventSender.as("auth-service")) {
            var envelope = sender.send(first, "shop", TIME);
            Recorded.awaited(envelope.id());
            sender.send(envelope, forged);
            Awaitility.await().until(() -> conflicts() > before);
            assertThat(Recorded.find("eventId", envelope.id()).getList("items.action"))
                    .containsExactly("block.create");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit.entry set actor_id = 'nobody'",
                "delete from audit.entry",
                "truncate audit.entry",
                "update audit.merkle_node set index = index + 1",
                "delete from audit.merkle_node",
                "truncate audit.merkle_node",
                "delete from audit.head",
                "truncate audit.head",
                "update audit.head set size = size - 1"
            })
    void storageRefusesToForget(String statement) throws SQLException {
        Recorded.fillTo(1);
        try (var connection = TestDatabase.asSuperuser();
                var change = connection.createStatement()) {
            assertThatThrownBy(() -> change.execute(statement)).hasMessageContaining("append-only");
        }
    }

    private static List<SuiteEvent> oneOfEachTopic() {
        return List.of(
                new AccountUnlocked("u-1", "ada@example.com", "u-2"),
                unblocked(),
                new RuleRemoved("policy", "shop", "login", "u-2", TIME, 3),
                new IncidentClosed("inc-1", "u-2", TIME),
                new SessionEndRequested("cmd-1", "inc-1", "u-1", "stolen", "u-2", TIME),
                new ActionDone("cmd-1", "inc-1", "2 sessions ended"),
                new BackupFailed("b-1", "bulwark", "dump", "no connection"),
                new UserRevoked("u-1", 1, TIME, "stolen"),
                Recorded.action("u-2", "bob@example.com", "admin", "block.create"));
    }

    private static IpUnblocked unblocked() {
        return new IpUnblocked("203.0.113.1", "shop", null, "mistake", "u-2", TIME, 2);
    }

    private static Map<String, String> headers(String id, String type) {
        return CloudEventBinding.headers(new Envelope(id, "/bulwark/auth-service", type, "u-77", TIME, "shop", null));
    }

    private static byte[] sha256(byte[] data) throws GeneralSecurityException {
        return MessageDigest.getInstance("SHA-256").digest(data);
    }

    private static double conflicts() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("audit_identity_conflicts_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    private static long count(String condition) throws SQLException {
        return number("select count(*) from audit.entry where " + condition);
    }

    private static long number(String sql) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var query = connection.createStatement();
                var row = query.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
