package io.bulwark.audit.report;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.groups.Tuple.tuple;

import io.bulwark.audit.Recorded;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.path.json.JsonPath;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class AdminActionsTest {
    private static final String REPORT = "/api/v1/reports/admin-actions";

    @Test
    void adminsAreCountedOverThePeriodUnderTheNameOfThen() {
        var admin = UUID.randomUUID().toString();
        var now = Instant.now();
        Recorded.store(Recorded.action(admin, "old@example.com", "admin", "user.create"), now.minusSeconds(1));
        Recorded.store(Recorded.action(admin, "new@example.com", "admin", "user.offboard"), now);
        Recorded.store(Recorded.action(admin, "new@example.com", "admin", "long.ago"), now.minus(Duration.ofDays(8)));
        Recorded.store(Recorded.action(admin, "new@example.com", "operator", "plan.create"), now);
        var refused = new ActionRecorded(
                admin, "new@example.com", List.of("admin"), "GET /x", null, Outcome.DENIED, null, Map.of(), 4);
        Recorded.store(refused, now);
        assertThat(admins(admin))
                .extracting(found -> found.get("name"), found -> found.get("allowed"), found -> found.get("denied"))
                .containsExactly(tuple("new@example.com", 1, 4), tuple("old@example.com", 1, 0));
        assertThat(report().getList("actions.items.findAll { it.actorId == '" + admin + "' }.action"))
                .containsExactly("GET /x", "user.offboard", "user.create");
    }

    @Test
    void adminOfAnotherApplicationIsAnotherOne() {
        var admin = UUID.randomUUID().toString();
        var action = Recorded.action(admin, "ada@example.com", "admin", "user.create");
        Recorded.store(action, Instant.now());
        try (var sender = EventSender.as("auth-service")) {
            Recorded.awaited(sender.send(action, "bulwark", Instant.now()).id());
        }
        assertThat(admins(admin))
                .extracting(found -> found.get("application"))
                .containsExactlyInAnyOrder("shop", "bulwark");
    }

    @ParameterizedTest
    @ValueSource(strings = {"week", "P1M", "-P1D", "PT0S", "P367D", "P99999999999999D"})
    void badPeriodIsRefused(String period) {
        given().auth()
                .oauth2(Tokens.of("admin"))
                .queryParam("period", period)
                .get(REPORT)
                .then()
                .statusCode(422);
    }

    @Test
    void onlyAuditorsAndAdminsMayRead() {
        for (var role : List.of("responder", "operator", "user", "gateway", "service")) {
            given().auth().oauth2(Tokens.of(role)).get(REPORT).then().statusCode(403);
        }
    }

    private static List<Map<String, Object>> admins(String id) {
        return report().getList("admins.findAll { it.id == '" + id + "' }");
    }

    private static JsonPath report() {
        return given().auth()
                .oauth2(Tokens.of("auditor"))
                .get(REPORT + "?limit=500")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }
}
