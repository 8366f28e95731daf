package io.bulwark.ratelimit.posture;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.ValidatableResponse;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class PostureResourceTest {

    private String application;
    private String key;

    @BeforeEach
    void register() {
        application = "posture-" + UUID.randomUUID();
        key = Api.as("admin")
                .body(Map.of(
                        "name",
                        "gw-" + UUID.randomUUID(),
                        "application",
                        application,
                        "settings",
                        Map.of("authenticatedHeader", "X-User")))
                .post("/api/v1/gateways")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
    }

    @Test
    void maintenanceServesNobodyAndPointsToTheStatusPage() {
        put("{'mode':'maintenance','reason':'migration','duration':'PT1H','statusPage':'https://status.example.com/1?a=b'}")
                .statusCode(200)
                .header("ETag", "\"1\"")
                .body("until", notNullValue());
        await().atMost(SOON).until(() -> Api.check(key, "any", Api.freshAddress()) == 503);

        ask("/check/any")
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("3[5-6][0-9]{2}"))
                .header("Link", "<https://status.example.com/1?a=b>; rel=\"status\"")
                .header("Cache-Control", "no-store")
                .body("type", equalTo("https://iana.org/assignments/http-problem-types#temporary-reduced-capacity"))
                .body("status-page", equalTo("https://status.example.com/1?a=b"));
        ask("/auth-request/any").statusCode(403).header("X-RateLimit-Status", "503");
        ask("/ext-authz/any").statusCode(403).body("status", equalTo(503));
        given().header("X-Api-Key", key)
                .contentType("application/json")
                .body(Map.of("ip", Api.freshAddress()))
                .post("/api/v1/check")
                .then()
                .statusCode(200)
                .body("allowed", equalTo(false))
                .body("reason", equalTo("maintenance"));
    }

    @Test
    void lockdownServesWhomTheGatewayKnowsAndNobodyElse() {
        put("{'mode':'lockdown','reason':'attack'}").statusCode(200).body("$", not(hasKey("until")));
        await().atMost(SOON).until(() -> Api.check(key, "any", Api.freshAddress()) == 403);

        ask("/check/any").statusCode(403).body("type", equalTo("https://bulwark.io/problems/lockdown"));
        given().header("X-Api-Key", key)
                .header("X-Forwarded-For", Api.freshAddress())
                .header("X-User", "u-1")
                .get("/check/any")
                .then()
                .statusCode(200);
        var blocked = Api.freshAddress();
        Api.block(blocked, application, "PT1H");
        await().atMost(SOON)
                .until(() -> given().header("X-Api-Key", key)
                                .header("X-Forwarded-For", blocked)
                                .header("X-User", "u-1")
                                .get("/check/any")
                                .statusCode()
                        == 403);
    }

    @Test
    void elevatedLeavesAPartOfEveryLimitAndNormalGivesItBack() {
        Api.as("operator")
                .queryParam("application", application)
                .body("{\"limits\":[{\"name\":\"burst\",\"limit\":100,\"window\":\"PT1M\"}]}")
                .put("/api/v1/policies/login")
                .then()
                .statusCode(201);
        await().atMost(SOON).until(() -> "\"burst\";q=100;w=60".equals(policy()));

        put("{'mode':'elevated','reason':'scans','factor':0.25}")
                .statusCode(200)
                .body("factor", equalTo(0.25f));
        await().atMost(SOON).until(() -> "\"burst\";q=25;w=60".equals(policy()));
        put("{'mode':'elevated','reason':'scans'}").statusCode(200).body("factor", equalTo(0.5f));
        await().atMost(SOON).until(() -> "\"burst\";q=50;w=60".equals(policy()));
        put("{'mode':'normal','reason':'over'}").statusCode(200).body("$", not(hasKey("factor")));
        await().atMost(SOON).until(() -> "\"burst\";q=100;w=60".equals(policy()));
    }

    @Test
    void itRestoresItselfAndTells() {
        try (var rules = EventProbe.on(Topic.DECISION_RULES);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            put("{'mode':'maintenance','reason':'short','duration':'PT1H'}").statusCode(200);
            await().atMost(SOON).until(() -> Api.check(key, "any", Api.freshAddress()) == 503);

            put("{'mode':'maintenance','reason':'short','duration':'PT1S'}").statusCode(200);
            await().atMost(SOON).until(() -> Api.check(key, "any", Api.freshAddress()) == 200);

            rules.await(
                    RuleChanged.class,
                    event -> event.application().equals(application)
                            && event.author().equals("ratelimit-service"));
            trail.await(
                    ActionRecorded.class,
                    entry -> entry.action().equals("posture.change") && application.equals(entry.target()));
        }
        Api.as("auditor")
                .queryParam("application", application)
                .get("/api/v1/posture")
                .then()
                .statusCode(200)
                .body("mode", equalTo("normal"))
                .body("reason", equalTo("expired"));
    }

    @Test
    void whoDecidedOnAnOlderPostureIsTold() {
        put("{'mode':'lockdown','reason':'attack'}").statusCode(200);
        var change = Api.as("responder").queryParam("application", application).header("If-Match", "\"0\"");
        change.body("{\"mode\":\"normal\",\"reason\":\"calm\"}")
                .put("/api/v1/posture")
                .then()
                .statusCode(412)
                .header("ETag", "\"1\"");
        assertThat(Api.as("auditor")
                        .queryParam("application", "nobody-" + UUID.randomUUID())
                        .get("/api/v1/posture")
                        .then()
                        .statusCode(200)
                        .header("ETag", "\"0\"")
                        .extract()
                        .<String>path("mode"))
                .isEqualTo("normal");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'mode':'panic','reason':'x'}",
                "{'mode':'lockdown','reason':' '}",
                "{'mode':'lockdown','reason':'x','duration':'PT0S'}",
                "{'mode':'lockdown','reason':'x','duration':'P400D'}",
                "{'mode':'lockdown','reason':'x','factor':0.5}",
                "{'mode':'normal','reason':'x','duration':'PT1H'}",
                "{'mode':'elevated','reason':'x','factor':0}",
                "{'mode':'elevated','reason':'x','factor':1.5}",
                "{'mode':'maintenance','reason':'x','statusPage':'javascript:alert(1)'}",
                "{'mode':'maintenance','reason':'x','statusPage':'https://a/>; rel=x'}"
            })
    void rubbishIsRefused(String change) {
        assertThat(put(change).extract().statusCode()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "gateway", "service"})
    void onlyWhoRespondsChanges(String role) {
        Api.as(role)
                .body("{\"mode\":\"lockdown\",\"reason\":\"x\"}")
                .put("/api/v1/posture")
                .then()
                .statusCode(403);
    }

    private ValidatableResponse put(String change) {
        return Api.as("responder")
                .queryParam("application", application)
                .body(change.replace('\'', '"'))
                .put("/api/v1/posture")
                .then();
    }

    private ValidatableResponse ask(String path) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", Api.freshAddress())
                .get(path)
                .then();
    }

    private String policy() {
        return ask("/check/login").extract().header("RateLimit-Policy");
    }
}
