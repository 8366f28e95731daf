package io.bulwark.ratelimit.bulk;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.block.CrowdedReplica;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.HttpURLConnection;
import java.net.URI;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class ImportResourceTest {
    private static final String FOR_AN_HOUR = "?reason=list&duration=PT1H";

    @Inject
    AgroalDataSource dataSource;

    @Inject
    ImportWorker worker;

    @Inject
    CrowdedReplica crowd;

    @Test
    void aPlainListIsPlacedAnnouncedInForceAndRecordedOnce() {
        var key = Api.gatewayKey("plain-import");
        var list = "# bad\n203.0.113.1\n203.0.113.2 # very\n198.51.100.0/24\n";
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var id = Imports.place("text/plain", FOR_AN_HOUR + "&application=plain-import", list)
                    .body("lines", equalTo(4))
                    .body("entries", equalTo(3))
                    .body("placed", equalTo(3))
                    .body("unchanged", equalTo(0))
                    .body("refused", equalTo(0))
                    .body("failure", nullValue())
                    .extract()
                    .<String>path("id");

            blocks.awaitCount(IpBlocked.class, event -> event.application().equals("plain-import"), 3);
            trail.await(ActionRecorded.class, event -> ("block-import:" + id).equals(event.target()));
            var entries = trail.seenAfter(
                    Duration.ofMillis(500),
                    ActionRecorded.class,
                    event -> ("block-import:" + id).equals(event.target()));
            assertThat(entries).hasSize(1);
            assertThat(entries.getFirst().data().action()).isEqualTo("block.import");
            assertThat(entries.getFirst().data().details()).containsEntry("entries", "3");
        }
        await().atMost(SOON).until(() -> Api.check(key, "any", "198.51.100.77") == 403);
    }

    @Test
    void anImportForWhichThereIsNoRoomFailsAndSaysWhy() {
        var query = FOR_AN_HOUR + "&application=no-room";
        Imports.place("text/plain", query, "203.0.113.1\n").body("placed", equalTo(1));
        crowd.fill();
        try {
            Imports.place("text/plain", query, "203.0.113.1\n").body("unchanged", equalTo(1));
            var location = Imports.post("text/plain", query, "203.0.113.1\n203.0.113.2\n")
                    .statusCode(202)
                    .extract()
                    .header("Location");

            await().atMost(SOON)
                    .untilAsserted(() -> Api.as("auditor")
                            .get(location)
                            .then()
                            .body("state", equalTo("failed"))
                            .body("failure", startsWith("There is no room for more blocks"))
                            .body("placed", equalTo(0)));
        } finally {
            crowd.empty();
        }
    }

    @Test
    void theSameListAgainChangesNothing() {
        var list = "203.0.113.1\n203.0.113.2\n203.0.113.2\n";
        var query = FOR_AN_HOUR + "&application=again";
        Imports.place("text/plain", query, list).body("placed", equalTo(2)).body("unchanged", equalTo(1));

        Imports.place("text/plain", query, list).body("placed", equalTo(0)).body("unchanged", equalTo(3));
        Imports.place("text/plain", "?reason=list&duration=P1D&application=again", list)
                .body("placed", equalTo(2));
    }

    @Test
    void csvSaysWhatHoldsForEachLineAndIsToldWhichAreRefused() {
        var csv = """
                target,reason,duration,endpoint
                203.0.113.1,scanner,PT2H,login
                203.0.113.300,scanner,PT2H,
                127.0.0.1,,PT1S,
                203.0.113.2,,,
                203.0.113.3,"a, b",tomorrow,
                0.0.0.0/0,,,
                203.0.113.4,,,a b
                """;

        Imports.place("text/csv", FOR_AN_HOUR + "&application=csv-import", csv)
                .body("placed", equalTo(2))
                .body("refused", equalTo(5))
                .body("refusals.line", equalTo(List.of(3, 4, 6, 7, 8)))
                .body("refusals[0].message", startsWith("target: "))
                .body("refusals[1].message", equalTo("target: holds loopback addresses"))
                .body("refusals[2].message", startsWith("duration: "))
                .body("refusals[3].message", startsWith("target: is wider than"))
                .body("refusals[4].message", startsWith("endpoint: "));

        Api.as("auditor")
                .get("/api/v1/blocks?target=203.0.113.1")
                .then()
                .body("items.find { it.application == 'csv-import' }.reason", equalTo("scanner"))
                .body("items.find { it.application == 'csv-import' }.endpoint", equalTo("login"));
    }

    @Test
    void jsonIsTakenToo() {
        Imports.place("application/json", FOR_AN_HOUR, """
                        [{"target": "203.0.113.1", "application": "json-import", "remediation": "captcha"},
                         {"target": "203.0.113.2", "application": "json-import", "until": "2001-01-01T00:00:00Z"}]""")
                .body("placed", equalTo(1))
                .body("refusals[0].line", equalTo(2))
                .body("refusals[0].message", startsWith("until: "));
    }

    @Test
    void dangerousTargetsAreTakenFromWhoeverMeansIt() {
        Imports.place("text/plain", "?reason=test&duration=PT1S&application=forced&force=true", "127.0.0.0/8\n")
                .body("placed", equalTo(1));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "422|text/plain|?duration=PT1H|203.0.113.1",
                "422|text/plain|?reason=x|203.0.113.1",
                "422|text/plain|?reason=x&duration=PT1H|",
                "422|text/plain|?reason=x&duration=PT1H|localhost",
                "422|text/plain|?reason=x&duration=soon|203.0.113.1",
                "422|text/plain|?reason=x&duration=PT0S|203.0.113.1",
                "422|text/plain|?reason=x&duration=PT1H&endpoint=a/b|203.0.113.1",
                "422|text/plain|?reason=x&duration=PT1H&remediation=kill|203.0.113.1",
                "422|text/csv|?reason=x&duration=PT1H|203.0.113.1",
                "400|application/json|?reason=x&duration=PT1H|{}",
                "415|text/plain;charset=ISO-8859-1|?reason=x&duration=PT1H|203.0.113.1",
                "415|application/xml|?reason=x&duration=PT1H|<a/>"
            })
    void whatHoldsNothingUsableIsRefusedAsAWhole(int status, String type, String query, String body) {
        Imports.post(type, query, body == null ? "# nothing" : body)
                .statusCode(status)
                .contentType("application/problem+json");
    }

    @Test
    void aListOfNoTypeIsRefused() {
        RestAssured.given()
                .auth()
                .oauth2(Tokens.of("responder"))
                .noContentType()
                .post("/api/v1/blocks/imports" + FOR_AN_HOUR)
                .then()
                .statusCode(415)
                .contentType("application/problem+json");
    }

    @Test
    void moreEntriesThanAreBearableAreRefusedAsAWhole() {
        Imports.post("text/plain", FOR_AN_HOUR, "203.0.113.1\n".repeat(250_001))
                .statusCode(422)
                .body("type", containsString("too-many-entries"));
    }

    @Test
    void moreBytesThanAreBearableAreRefusedHoweverTheyCome() throws IOException {
        var line = "#" + "x".repeat(1_022) + "\n";
        Imports.post("text/plain", FOR_AN_HOUR, line.repeat(34 * 1_024))
                .statusCode(413)
                .body("type", containsString("too-large"));

        assertThat(chunked("/api/v1/blocks/imports" + FOR_AN_HOUR, "text/plain", line.repeat(32 * 1_024 + 1)))
                .startsWith("413 ")
                .contains("too-large", "33554432 bytes");
        assertThat(chunked("/api/v1/blocks", "application/json", " ".repeat(1_100_000)))
                .startsWith("413 ")
                .contains("too-large", "1048576 bytes");
        Api.as("responder")
                .body(" ".repeat(1_100_000))
                .post("/api/v1/blocks")
                .then()
                .statusCode(413);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "operator", "gateway", "service"})
    void onlyRespondersAndAdministratorsImport(String role) {
        Api.as(role)
                .contentType("text/plain")
                .body("203.0.113.1")
                .post("/api/v1/blocks/imports")
                .then()
                .statusCode(403);
    }

    @Test
    void anImportWhoseReplicaDiedIsToldAsFailed() throws SQLException {
        var id = UUID.randomUUID();
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("""
                    insert into block_import (id, author, state, lines, entries, placed, unchanged, refused, started_at,
                        seen_at)
                    values ('%s', 'ann', 'RUNNING', 9, 9, 4, 0, 0, now() - interval '1 hour', now() - interval '5 minutes')
                    """.formatted(id));
        }

        worker.giveUp();

        Api.as("auditor")
                .get("/api/v1/blocks/imports/" + id)
                .then()
                .statusCode(200)
                .body("state", equalTo("failed"))
                .body("placed", equalTo(4))
                .body("failure", startsWith("The replica that ran it stopped"))
                .body("refusals", hasSize(0));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Api.as("auditor")
                .get("/api/v1/blocks/imports/" + UUID.randomUUID())
                .then()
                .statusCode(404);
    }

    /** Sends a body whose length is not said beforehand; the status and the body of the answer. */
    private static String chunked(String path, String type, String body) throws IOException {
        var url = URI.create(RestAssured.baseURI + ":" + RestAssured.port + path);
        var connection = (HttpURLConnection) url.toURL().openConnection();
        connection.setRequestMethod("POST");
        connection.setDoOutput(true);
        connection.setChunkedStreamingMode(16 * 1_024);
        connection.setRequestProperty("Content-Type", type);
        connection.setRequestProperty("Authorization", "Bearer " + Tokens.of("responder"));
        try (var out = connection.getOutputStream()) {
            out.write(body.getBytes(UTF_8));
        } catch (IOException e) {
            // refused while it was still being sent
        }
        return connection.getResponseCode() + " "
                + new String(connection.getErrorStream().readAllBytes(), UTF_8);
    }
}
