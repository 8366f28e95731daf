package io.bulwark.audit.entry;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.startsWith;
import static org.junit.jupiter.params.provider.Arguments.arguments;

import io.bulwark.audit.Recorded;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class ApplicationsAuditLogTest {
    private final String actor = UUID.randomUUID().toString();

    @Test
    void entryOfAnApplicationComesIntoTheLogUnderItsName() {
        post(Tokens.machine("service", "shop"), entry()).statusCode(202);
        var found = Awaitility.await()
                .until(
                        () -> Recorded.find("actor", actor),
                        entries -> !entries.getList("items").isEmpty());
        assertThat(found.getString("items[0].application")).isEqualTo("shop");
        assertThat(found.getString("items[0].action")).isEqualTo("order.refund");
        assertThat(found.getString("items[0].address")).isEqualTo("2001:db8::1");
        assertThat(found.getString("items[0].occurredAt")).isEqualTo("2026-05-01T10:00:00Z");
        assertThat(found.getString("items[0].data.details.amount")).isEqualTo("20");
        assertThat(found.getString("items[0].data.details.note")).isEqualTo("two\nlines");
    }

    @ParameterizedTest
    @CsvSource({
        "actorId, ''",
        "action, ",
        "outcome, MAYBE",
        "address, 300.1.2.3",
        "occurredAt, tomorrow",
        "occurredAt, 2999-01-01T00:00:00Z",
        "occurredAt, 1969-01-01T00:00:00Z",
        "application, other",
        "count, 7"
    })
    void badEntryIsRefused(String field, String value) {
        var entry = entry();
        entry.put(field, value);
        int status = post(Tokens.machine("service", "shop"), entry)
                .contentType("application/problem+json")
                .extract()
                .statusCode();
        assertThat(status).isIn(400, 422);
    }

    static Stream<Arguments> unfitTexts() {
        return Stream.of(
                arguments("target", "a\0b"),
                arguments("roles", List.of("admin", "a\0b")),
                arguments("details", Map.of("a\0b", "text")),
                arguments("details", Map.of("text", "a\0b")),
                arguments("details", Map.of("text", "x".repeat(1_025))));
    }

    @ParameterizedTest
    @MethodSource("unfitTexts")
    void controlCharactersAndEndlessTextsAreRefused(String field, Object value) {
        var entry = entry();
        entry.put(field, value);
        post(Tokens.machine("service", "shop"), entry).statusCode(422).body("errors[0].field", startsWith(field));
    }

    @Test
    void entryPostedAgainWithItsKeyIsInTheLogOnce() {
        var key = UUID.randomUUID().toString();
        for (int i = 0; i < 2; i++) {
            as(Tokens.machine("service", "shop"))
                    .header("Idempotency-Key", key)
                    .body(entry())
                    .post("/api/v1/entries")
                    .then()
                    .statusCode(202);
        }
        var marker = entry();
        marker.put("action", "order.close");
        post(Tokens.machine("service", "shop"), marker).statusCode(202);
        Awaitility.await()
                .untilAsserted(() -> assertThat(Recorded.find("actor", actor).getList("items.action"))
                        .startsWith("order.close"));
        assertThat(Recorded.find("actor", actor).getList("items.action"))
                .containsExactly("order.close", "order.refund");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[]", "{", "null", "\"text\"", "{\"roles\":\"admin\"}"})
    void bodyOfAnotherShapeIsRefused(String body) {
        int status = as(Tokens.machine("service", "shop"))
                .body(body)
                .post("/api/v1/entries")
                .then()
                .contentType("application/problem+json")
                .extract()
                .statusCode();
        assertThat(status).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"admin", "auditor", "operator", "responder", "user", "gateway"})
    void onlyServicesMayReport(String role) {
        post(Tokens.of(role), entry()).statusCode(403);
    }

    private Map<String, Object> entry() {
        var entry = new HashMap<String, Object>();
        entry.put("actorId", actor);
        entry.put("actorName", "clerk@shop.example");
        entry.put("action", "order.refund");
        entry.put("target", "order-7");
        entry.put("outcome", "ALLOWED");
        entry.put("address", "2001:DB8:0::1");
        entry.put("details", Map.of("amount", "20", "note", "two\nlines"));
        entry.put("occurredAt", "2026-05-01T10:00:00Z");
        return entry;
    }

    private static ValidatableResponse post(String token, Map<String, Object> entry) {
        return as(token).body(entry).post("/api/v1/entries").then();
    }

    private static RequestSpecification as(String token) {
        return given().auth().oauth2(token).contentType(ContentType.JSON);
    }
}
