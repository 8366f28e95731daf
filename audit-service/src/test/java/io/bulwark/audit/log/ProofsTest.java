package io.bulwark.audit.log;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.audit.Recorded;
import io.bulwark.audit.Tampering;
import io.bulwark.audit.merkle.Hash;
import io.bulwark.audit.merkle.ProofCheck;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import java.time.Instant;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class ProofsTest {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00Z");

    @BeforeEach
    void fill() {
        Recorded.fillTo(300);
    }

    @Test
    void whoHoldsARootCanCheckThatAnEntryIsInTheLog() {
        var eventId = Recorded.store(new AccountUnlocked("u-1", "ada@example.com", "u-2"), TIME);
        var proof = json("/api/v1/proofs/inclusion?eventId=" + eventId);
        var leaf = Base64.getDecoder()
                .decode(json("/api/v1/entries/" + proof.getLong("index")).getString("leaf"));
        assertThat(ProofCheck.includes(
                        proof.getLong("index"),
                        proof.getLong("size"),
                        Hash.ofLeaf(leaf),
                        path(proof),
                        hash(proof.getString("root"))))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 100, 255, 256, 257, 299})
    void whoNotedARootCanCheckThatTheLogOnlyGrew(long from) {
        var proof = json("/api/v1/proofs/consistency?from=" + from);
        var earlier = json("/api/v1/proofs/inclusion?index=0&size=" + from);
        assertThat(proof.getString("fromRoot")).isEqualTo(earlier.getString("root"));
        assertThat(ProofCheck.isConsistent(
                        from,
                        proof.getLong("to"),
                        hash(proof.getString("fromRoot")),
                        hash(proof.getString("toRoot")),
                        path(proof)))
                .isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inclusion",
                "inclusion?index=-1",
                "inclusion?index=0&size=0",
                "inclusion?index=0&size=99999999",
                "consistency",
                "consistency?from=0",
                "consistency?from=5&to=4",
                "consistency?from=1&to=99999999"
            })
    void badQuestionIsRefused(String question) {
        as("auditor").get("/api/v1/proofs/" + question).then().statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "inclusion?index=99999999",
                "inclusion?index=3&size=3",
                "inclusion?eventId=none",
                "inclusion?index=x"
            })
    void thereIsNoProofOfWhatIsNotThere(String question) {
        as("auditor").get("/api/v1/proofs/" + question).then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({"eventId, eventId=a%00", "source, eventId=a&source=a%00"})
    void nulIsRefused(String parameter, String query) {
        as("auditor")
                .urlEncodingEnabled(false)
                .get("/api/v1/proofs/inclusion?" + query)
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo(parameter));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "update audit.head set root = ''",
                "update audit.head set size = -1",
                "delete from audit.head",
                "delete from audit.entry where index = 0"
            })
    void damagedLogProvesNothingAndSaysSo(String damage) throws SQLException {
        try (var tampering = new Tampering()) {
            tampering.change(damage);
            for (var question : List.of("inclusion?index=0&size=2", "consistency?from=1&to=2")) {
                as("auditor")
                        .get("/api/v1/proofs/" + question)
                        .then()
                        .statusCode(503)
                        .contentType("application/problem+json")
                        .body("type", endsWith("/log-damaged"));
            }
        }
    }

    @Test
    void usersMayNotAsk() {
        as("user").get("/api/v1/proofs/inclusion?index=0").then().statusCode(403);
        as("user").get("/api/v1/proofs/consistency?from=1").then().statusCode(403);
    }

    private static JsonPath json(String path) {
        return as("auditor").get(path).then().statusCode(200).extract().jsonPath();
    }

    private static List<Hash> path(JsonPath proof) {
        return proof.<String>getList("path").stream().map(ProofsTest::hash).toList();
    }

    private static Hash hash(String hex) {
        return Hash.of(HexFormat.of().parseHex(hex));
    }

    private static RequestSpecification as(String role) {
        return given().auth().oauth2(Tokens.of(role));
    }
}
