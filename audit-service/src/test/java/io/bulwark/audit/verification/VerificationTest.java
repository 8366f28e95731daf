package io.bulwark.audit.verification;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.MAP;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;

import io.bulwark.audit.Recorded;
import io.bulwark.audit.Tampering;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.bulwark.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.response.Response;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuiteTest
class VerificationTest {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00Z");
    private static final int ENOUGH_FOR_TWO_NODES = 600;

    private String eventId = "";
    private long index;

    @BeforeEach
    void fill() {
        eventId = Recorded.send(Recorded.action("u-1", "ada@example.com", "admin", "block.create"), TIME);
        index = Recorded.awaited(eventId).getLong("items[0].index");
        Recorded.fillTo(ENOUGH_FOR_TWO_NODES);
    }

    @Test
    void untouchedLogVerifiesAndTheResultIsKept() {
        var result = verify();
        assertThat(result.getBoolean("ok")).as(result.prettify()).isTrue();
        assertThat(result.getLong("size")).isGreaterThanOrEqualTo(ENOUGH_FOR_TWO_NODES);
        assertThat(result.getList("findings")).isEmpty();
        var latest = given().auth()
                .oauth2(Tokens.of("responder"))
                .get("/api/v1/verify")
                .jsonPath();
        assertThat(latest.getString("root")).isEqualTo(result.getString("root"));
        assertThat(latest.getString("finishedAt")).isEqualTo(result.getString("finishedAt"));
        Awaitility.await()
                .until(
                        () -> Recorded.find("action", "log.verify").getList("items.data.details.root"),
                        roots -> roots.contains(result.getString("root")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "received_at | received_at + interval '1 microsecond'",
                "topic       | 'incidents'",
                "source      | 'elsewhere'",
                "event_id    | 'another'",
                "type        | 'another'",
                "application | 'another'",
                "subject     | null",
                "occurred_at | occurred_at - interval '1 day'",
                "actor_id    | 'u-9'",
                "actor_name  | 'eve@example.com'",
                "roles       | '{user}'",
                "action      | 'block.delete'",
                "target      | '203.0.113.8'",
                "outcome     | 'DENIED'",
                "address     | '10.1.2.3/8'",
                "occurrences | 2",
                "data        | replace(data, 'brute', 'gentle')"
            })
    void changedColumnIsFoundAndNamed(String column, String value) throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("update audit.entry set %s = %s where index = %d".formatted(column, value, index));
            assertThat(findings())
                    .containsExactly(Map.of(
                            "index",
                            (int) index,
                            "eventId",
                            eventId,
                            "problem",
                            "column " + column + " does not say what the leaf says"));
        }
    }

    @Test
    void changedLeafIsFound() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change(
                    "update audit.entry set leaf = set_byte(leaf, 2, get_byte(leaf, 2) # 1) where index = " + index);
            assertThat(problems())
                    .containsExactly("leaf does not have the hash leaf_hash;"
                            + " column received_at does not say what the leaf says");
        }
    }

    @Test
    void payloadPutBesideALeafThatNeedsNoneIsFound() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("update audit.entry set payload = 'forged' where index = " + index);
            assertThat(problems()).containsExactly("payload is not empty though the leaf holds the data");
        }
    }

    @Test
    void alteredOrLostPayloadIsFound() throws SQLException {
        var large = new ActionRecorded(
                "u-1", null, List.of(), "a.b", null, Outcome.ALLOWED, null, Map.of("text", "x".repeat(40_000)), 1);
        var id = Recorded.store(large, TIME);
        try (var tampering = new Tampering()) {
            tampering.change(
                    "update audit.entry set payload = set_byte(payload, 20000, 0) where event_id = '%s'".formatted(id));
            assertThat(problems())
                    .singleElement()
                    .asString()
                    .startsWith("payload does not have the digest in the leaf");
            tampering.change("update audit.entry set payload = null where event_id = '%s'".formatted(id));
            assertThat(problems()).containsExactly("payload is gone");
        }
    }

    @Test
    void entryRewrittenInAllItsPartsIsFoundByTheTree() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("create temp table forged as select * from audit.entry where index = 4");
            tampering.change("delete from audit.entry where index in (3, 4)");
            tampering.change("insert into audit.entry select * from kept_entry where index = 3");
            tampering.change("update audit.entry set index = 4 where index = 3");
            tampering.change("update forged set index = 3");
            tampering.change("insert into audit.entry select * from forged");
            assertThat(problems()).containsExactly("entries 0 to 255 do not add up to their tree node of level 8");
        }
    }

    @Test
    void deletedEntryIsFound() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("delete from audit.entry where index = " + index);
            assertThat(findings())
                    .containsExactly(Map.of("index", (int) index, "problem", "entry " + index + " missing"));
        }
    }

    @Test
    void truncatedTailIsFound() throws SQLException {
        try (var tampering = new Tampering()) {
            long size = tampering.number("select size from audit.head");
            tampering.change("delete from audit.entry where index >= " + (size - 20));
            assertThat(findings())
                    .containsExactly(Map.of(
                            "index",
                            (int) size - 20,
                            "problem",
                            "entries %d to %d missing".formatted(size - 20, size - 1)));
        }
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "head         | size = 1::bigint << 40, root = sha256('x'), frontier = sha256('y')"
                        + " | the head's root is not what its frontier adds up to",
                "verification | root = ''            | an earlier verification cannot be read: A hash has 32 bytes,"
                        + " not 0",
                "entry        | roles = '{{admin}}'  | column roles does not say what the leaf says"
            })
    void whateverIsWrittenIntoTheTablesIsFoundAndTheReadingEnds(String table, String change, String problem)
            throws SQLException {
        assertThat(verify().getBoolean("ok")).isTrue();
        try (var tampering = new Tampering()) {
            tampering.change("update audit.%s set %s".formatted(table, change));
            assertThat(assertTimeoutPreemptively(Duration.ofSeconds(30), VerificationTest::problems))
                    .contains(problem);
        }
    }

    @Test
    void eventIdThatNoJsonCanHoldIsNamedWithoutItsControlCharacters() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("update audit.entry set leaf = set_byte(leaf, position(event_id::bytea in leaf) - 1, 0)"
                    + " where index = " + index);
            assertThat(findings())
                    .singleElement()
                    .asInstanceOf(MAP)
                    .containsEntry("eventId", "\uFFFD" + eventId.substring(1));
        }
    }

    @Test
    void lostOrAlteredTreeNodeIsFound() throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change("update audit.merkle_node set hash = sha256('x') where level = 8 and index = 1");
            assertThat(problems()).startsWith("entries 256 to 511 do not add up to their tree node of level 8");
            tampering.change("delete from audit.merkle_node where level = 8 and index = 1");
            assertThat(problems()).containsExactly("entries 256 to 511 have lost their tree node of level 8");
        }
    }

    @Test
    void onlyOneRunsAtATime() throws SQLException {
        try (var other = TestDatabase.asSuperuser();
                var lock = other.createStatement()) {
            lock.execute("select pg_advisory_lock(hashtextextended('audit.verification', 0))");
            post("admin").then().statusCode(409);
        }
    }

    @Test
    void respondersAndUsersMayNotVerify() {
        for (var role : List.of("responder", "user", "gateway", "service")) {
            post(role).then().statusCode(403);
        }
    }

    static List<String> problems() {
        return verify().getList("findings.problem");
    }

    private static List<Map<String, Object>> findings() {
        return verify().getList("findings");
    }

    static JsonPath verify() {
        return post("auditor").then().statusCode(200).extract().jsonPath();
    }

    private static Response post(String role) {
        return given().auth().oauth2(Tokens.of(role)).post("/api/v1/verify");
    }
}
