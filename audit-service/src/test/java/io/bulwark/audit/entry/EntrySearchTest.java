package io.bulwark.audit.entry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.audit.Recorded;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class EntrySearchTest {
    private static final Instant TIME = Instant.parse("2026-05-01T10:00:00Z");

    private String actor = "";
    private String email = "";

    @BeforeEach
    void somebodyNew() {
        actor = UUID.randomUUID().toString();
        email = "Ada." + actor.substring(0, 8) + "@Example.com";
    }

    @Test
    void userIsFoundByIdAndByNameWithWhatBefellThem() {
        Recorded.store(Recorded.action(actor, email, "user", "password.change"), TIME);
        Recorded.store(new LoginFailed("203.0.113.9", email, actor, LoginFailed.Reason.WRONG_PASSWORD), TIME);
        Recorded.store(new LoginFailed("203.0.113.9", email, null, LoginFailed.Reason.UNKNOWN_ACCOUNT), TIME);
        Recorded.store(Recorded.action(actor, email, "user", "session.end"), TIME);
        assertThat(Recorded.find("actor", actor).getList("items.action"))
                .containsExactly("session.end", null, "password.change");
        assertThat(Recorded.find("actor", email.toLowerCase(Locale.ROOT)).getList("items.action"))
                .containsExactly("session.end", null, null, "password.change");
    }

    @ParameterizedTest
    @CsvSource({
        "action, block.create, 1",
        "action, block.delete, 0",
        "role, responder, 1",
        "role, admin, 0",
        "target, 203.0.113.7, 1",
        "type, io.bulwark.audit.action-recorded.v1, 1",
        "topic, audit-trail, 1",
        "topic, incidents, 0",
        "application, shop, 1",
        "application, bulwark, 0",
        "from, 2026-05-01T10:00:00Z, 1",
        "from, 2026-05-01T12:00:01+02:00, 0",
        "from, 2026-05-02T02:00:00+16:00, 1",
        "to, 2026-05-01T10:00:00Z, 0",
        "to, 2026-05-01T10:00:01Z, 1",
        "q, brute, 1",
        "q, '\"brute force\"', 1",
        "q, brute -force, 0",
        "q, 198.51.100.4, 1"
    })
    void searchNarrows(String parameter, String value, int found) {
        Recorded.store(Recorded.action(actor, email, "responder", "block.create"), TIME);
        get("auditor", Map.of("actor", actor, parameter, value)).statusCode(200).body("items.size()", equalTo(found));
    }

    @Test
    void wordsOfTheDataFindAnIdentity() {
        Recorded.store(Recorded.action("u-1", email, "user", "x.y"), TIME);
        var about = new ActionRecorded(
                "u-1", null, List.of(), "user.offboard", null, Outcome.DENIED, null, Map.of("user", actor), 3);
        Recorded.store(about, TIME);
        assertThat(Recorded.find("q", actor).getList("items.action")).containsExactly("user.offboard");
        assertThat(Recorded.find("q", email).getList("items.action")).containsExactly("x.y");
    }

    @Test
    void pagesHoldEveryEntryOnce() {
        for (int i = 0; i < 5; i++) {
            Recorded.store(Recorded.action(actor, email, "user", "a.b"), TIME);
        }
        var first =
                get("operator", Map.of("actor", actor, "limit", 3)).extract().jsonPath();
        var cursor = first.getString("nextCursor");
        var second = get("operator", Map.of("actor", actor, "limit", 3, "cursor", cursor))
                .extract()
                .jsonPath();
        assertThat(first.getList("items")).hasSize(3);
        assertThat(second.getList("items")).hasSize(2);
        assertThat(second.getString("nextCursor")).isNull();
        assertThat(second.<Integer>getList("items.index")).doesNotContainAnyElementsOf(first.getList("items.index"));
    }

    @ParameterizedTest
    @CsvSource({
        "limit, 0",
        "limit, 501",
        "cursor, x",
        "cursor, !!",
        "from, yesterday",
        "to, 2026-13-01T00:00:00Z",
        "from, +99999-01-01T00:00:00Z"
    })
    void badQueryIsRefusedWithTheFieldNamed(String parameter, String value) {
        get("auditor", Map.of(parameter, value)).statusCode(422).body("errors[0].field", equalTo(parameter));
    }

    @Test
    void limitThatIsNoNumberIsNotFound() {
        get("auditor", Map.of("limit", "many")).statusCode(404);
    }

    @Test
    void nulAndEndlessTextsAreRefused() {
        get("auditor", Map.of("actor", "a\0b")).statusCode(422);
        get("auditor", Map.of("q", "x".repeat(257))).statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"auditor", "admin", "operator", "responder"})
    void thoseWhoWorkOnSecurityMayRead(String role) {
        get(role, Map.of()).statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "gateway", "service"})
    void nobodyElseMayRead(String role) {
        get(role, Map.of()).statusCode(403);
    }

    @Test
    void nobodyReadsWithoutAToken() {
        given().get("/api/v1/entries").then().statusCode(401).contentType("application/problem+json");
        given().auth()
                .oauth2(Tokens.of("auditor") + "x")
                .get("/api/v1/entries")
                .then()
                .statusCode(401);
    }

    @Test
    void entryThatIsNotThereIsNotFound() {
        as("auditor").get("/api/v1/entries/999999999").then().statusCode(404);
        as("auditor").get("/api/v1/entries/-1").then().statusCode(422);
        as("auditor").get("/api/v1/entries/first").then().statusCode(404);
    }

    private static ValidatableResponse get(String role, Map<String, ?> query) {
        return as(role).queryParams(query).get("/api/v1/entries").then();
    }

    private static RequestSpecification as(String role) {
        return given().auth().oauth2(Tokens.of(role));
    }
}
