package io.bulwark.ratelimit.policy;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class PolicyResourceTest {
    private static final Duration SOON = Duration.ofSeconds(10);
    private static final String THREE_A_MINUTE = "{'limits':[{'name':'burst','limit':3,'window':'PT1M','burst':3}]}";

    private String application;
    private String key;

    @BeforeEach
    void register() {
        application = "policy-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
    }

    @Test
    void exactlySoManyPassThenTheRestAreToldWhenToComeBack() {
        put("login", THREE_A_MINUTE).statusCode(201).header("ETag", "\"1\"").body("version", equalTo(1));
        inForce("login");
        var client = Api.freshAddress();

        ask("/check/login", client)
                .statusCode(200)
                .header("RateLimit-Policy", "\"burst\";q=3;w=60")
                .header("RateLimit", matchesPattern("\"burst\";r=2;t=\\d+"))
                .header("Retry-After", nullValue())
                .body(emptyString());
        ask("/check/login", client).statusCode(200);
        ask("/check/login", client).statusCode(200);
        ask("/check/login", client)
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("2[0-9]"))
                .header("Cache-Control", "no-store")
                .header("RateLimit", matchesPattern("\"burst\";r=0;t=\\d+"))
                .body("type", equalTo("https://iana.org/assignments/http-problem-types#quota-exceeded"))
                .body("status", equalTo(429))
                .body("violated-policies", contains("burst"));
        ask("/auth-request/login", client)
                .statusCode(403)
                .header("X-RateLimit-Status", "429")
                .header("RateLimit-Policy", "\"burst\";q=3;w=60")
                .body(emptyString());
        ask("/check/other", client).statusCode(200).header("RateLimit", nullValue());
        json("login", client, 1)
                .statusCode(200)
                .body("allowed", equalTo(false))
                .body("reason", equalTo("limited"))
                .body("policy", equalTo("burst"))
                .body("limit", equalTo(3))
                .body("remaining", equalTo(0));
    }

    @Test
    void aCostCountsForMoreAndALookForNothing() {
        put("export", THREE_A_MINUTE).statusCode(201);
        inForce("export");
        var client = Api.freshAddress();

        json("export", client, 0).body("allowed", equalTo(true)).body("remaining", equalTo(3));
        ask("/check/export/2", client).statusCode(200).header("RateLimit", matchesPattern("\"burst\";r=1;t=\\d+"));
        json("export", client, 2).body("allowed", equalTo(false)).body("reason", equalTo("limited"));
        json("export", client, 0).body("remaining", equalTo(1));
        json("export", client, 4).body("allowed", equalTo(false)).body("$", not(hasKey("retryAfterSeconds")));
        given().header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .get("/ext-authz/export?cost=0")
                .then()
                .statusCode(200)
                .header("RateLimit", nullValue());
    }

    @Test
    void whatAPolicyForEveryEndpointSaysHoldsWhereThereIsNoOther() {
        put("*", "{'limits':[{'name':'all','limit':2,'window':'PT1H'}]}").statusCode(201);
        put("login", THREE_A_MINUTE).statusCode(201);
        inForce("login");
        var client = Api.freshAddress();

        ask("/check/a", client).statusCode(200).header("RateLimit-Policy", "\"all\";q=2;w=3600");
        ask("/check", client).statusCode(200);
        ask("/check/b", client).statusCode(429);
        ask("/check/login", client).statusCode(200).header("RateLimit-Policy", "\"burst\";q=3;w=60");
    }

    @Test
    void allLimitsOfARequestAreConsumedOrNone() {
        put(
                        "login",
                        "{'limits':[{'name':'wide','limit':10,'window':'PT1H','key':[]},"
                                + "{'name':'each','limit':2,'window':'PT1H'},"
                                + "{'name':'trial','limit':1,'window':'PT1H','shadow':true}]}")
                .statusCode(201);
        inForce("login");
        var client = Api.freshAddress();

        ask("/check/login", client).statusCode(200);
        ask("/check/login", client)
                .statusCode(200)
                .header("RateLimit-Policy", "\"wide\";q=10;w=3600, \"each\";q=2;w=3600");
        for (var i = 0; i < 10; i++) {
            ask("/check/login", client).statusCode(429).body("violated-policies", contains("each"));
        }
        json("login", Api.freshAddress(), 0).body("policy", equalTo("each"));
        for (var i = 0; i < 7; i++) {
            ask("/check/login", Api.freshAddress()).statusCode(200);
        }
    }

    @Test
    void whoGoesOverIsBlockedWhereThePolicySaysSoAndLongerTheNextTime() {
        put(
                        "login",
                        "{'limits':[{'name':'few','limit':1,'window':'PT1H'}],'onExceed':{'block':'PT1H','remediation':'captcha'}}")
                .statusCode(201);
        inForce("login");
        var client = Api.freshAddress();
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            ask("/check/login", client).statusCode(200);
            ask("/check/login", client).statusCode(429);
            var blocked = blocks.await(IpBlocked.class, block -> block.target().equals(client));
            assertThat(blocked.data().endpoint()).isEqualTo("login");
            assertThat(blocked.data().policy()).isEqualTo("over-limit");
            assertThat(blocked.data().remediation()).isEqualTo("captcha");
            assertThat(blocked.data().offences()).isEqualTo(1);
            assertThat(Duration.between(
                            blocked.data().blockedAt(), blocked.data().until()))
                    .isEqualTo(Duration.ofHours(1));
        }
        await().atMost(SOON).until(() -> Api.check(key, "login", client) == 403);
        ask("/check/other", client).statusCode(200);
    }

    @Test
    void aChangeIsInForceAtOnceAnnouncedAndAudited() {
        try (var rules = EventProbe.on(Topic.DECISION_RULES);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            put("login", THREE_A_MINUTE).statusCode(201);
            inForce("login");
            put("login", THREE_A_MINUTE.replace("3", "30")).statusCode(200).header("ETag", "\"2\"");
            await().atMost(SOON).until(() -> "\"burst\";q=30;w=60".equals(field("login")));
            as("operator")
                    .header("If-Match", "\"1\"")
                    .delete("/api/v1/policies/login")
                    .then()
                    .statusCode(412);
            as("operator")
                    .header("If-Match", "\"2\"")
                    .delete("/api/v1/policies/login")
                    .then()
                    .statusCode(204);
            await().atMost(SOON).until(() -> field("login") == null);
            as("auditor").get("/api/v1/policies/login").then().statusCode(404);

            var changes = rules.awaitCount(
                    RuleChanged.class, event -> event.application().equals(application), 2);
            var removed =
                    rules.await(RuleRemoved.class, event -> event.application().equals(application));
            assertThat(removed.data().version())
                    .isGreaterThan(changes.get(1).data().version());
            assertThat(changes.get(1).data().version())
                    .isGreaterThan(changes.get(0).data().version());
            assertThat(removed.data().key()).isEqualTo("policy " + application + " login");
            trail.awaitCount(
                    ActionRecorded.class,
                    entry -> entry.action().equals("policy.change") && "login".equals(entry.target()),
                    2);
        }
    }

    @Test
    void whatAnotherReplicaChangesHoldsHere() throws SQLException {
        put("login", THREE_A_MINUTE).statusCode(201);
        inForce("login");
        try (var connection = TestDatabase.asSuperuser();
                var change = connection.createStatement();
                var replica = EventSender.as("ratelimit-service")) {
            change.executeUpdate("delete from ratelimit.policy where application = '" + application + "'");
            replica.send(
                    new RuleRemoved("policy", application, "login", "ann", Instant.now(), 1_000_000),
                    application,
                    Instant.now());
        }

        await().atMost(SOON).until(() -> field("login") == null);
    }

    @Test
    void policiesAreListedByApplicationAndEndpoint() {
        put("b", THREE_A_MINUTE).statusCode(201);
        put("a", THREE_A_MINUTE).statusCode(201);
        put("*", THREE_A_MINUTE).statusCode(201);

        var first = as("auditor")
                .get("/api/v1/policies?limit=2&application=" + application)
                .then();
        first.statusCode(200).body("items.endpoint", contains("*", "a"));
        as("auditor")
                .get("/api/v1/policies?limit=2&application=" + application + "&cursor="
                        + first.extract().path("nextCursor"))
                .then()
                .body("items.endpoint", contains("b"))
                .body("nextCursor", nullValue());
        as("auditor").get("/api/v1/policies?limit=500").then().body("items.application", hasItems(application));
        as("responder")
                .get("/api/v1/policies/*?application=" + application)
                .then()
                .statusCode(200)
                .body("limits[0].name", equalTo("burst"))
                .body("limits[0].window", equalTo("PT1M"));
    }

    @Test
    void severalAreDecidedTogether() {
        put("login", THREE_A_MINUTE).statusCode(201);
        inForce("login");
        var client = Api.freshAddress();
        var check = Map.of("ip", client, "endpoint", "login");

        ask(Map.of("checks", List.of(check, check, check, check)))
                .statusCode(200)
                .body("answers.allowed", contains(true, true, true, false))
                .body("answers[2].remaining", equalTo(0));
        ask(Map.of("checks", List.of())).statusCode(422);
        ask(Map.of("checks", List.of(check, Map.of("ip", "nonsense")))).statusCode(422);
        json("login", client, 0).body("remaining", equalTo(0));
    }

    @Test
    void theGatewayChoosesTheFields() {
        put("login", THREE_A_MINUTE).statusCode(201);
        inForce("login");
        withFields("x-ratelimit")
                .header("X-RateLimit-Limit", "3")
                .header("X-RateLimit-Remaining", "2")
                .header("X-RateLimit-Reset", matchesPattern("\\d+"))
                .header("RateLimit", nullValue());
        withFields("ratelimit-legacy").header("RateLimit-Limit", "3").header("RateLimit-Remaining", "2");
        withFields("none").header("RateLimit", nullValue()).header("RateLimit-Policy", nullValue());
    }

    @Test
    void moreExactLimitsThanThereIsRoomForAreRefused() {
        var exact = "{'name':'%d','limit':5,'window':'PT15M','algorithm':'sliding-log'}";
        put("login", "{'limits':[" + exact.formatted(1) + "]}").statusCode(201);
        inForce("login");
        var client = Api.freshAddress();
        for (var i = 0; i < 5; i++) {
            ask("/check/login", client).statusCode(200);
        }
        ask("/check/login", client).statusCode(429);

        var many = String.join(
                ",",
                List.of(
                        exact.formatted(1),
                        exact.formatted(2),
                        exact.formatted(3),
                        exact.formatted(4),
                        exact.formatted(5)));
        put("many", "{'limits':[" + many + "]}").statusCode(422).body("errors[0].field", equalTo("limits.algorithm"));
        as("operator").delete("/api/v1/policies/login").then().statusCode(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'limits':[]}",
                "{'limits':[null]}",
                "{'limits':[{'name':'a b','limit':1,'window':'PT1S'}]}",
                "{'limits':[{'name':'a','limit':-1,'window':'PT1S'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'P1000D'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'PT1S','key':['cookie']}]}",
                "{'limits':[{'name':'a','limit':1,'window':'PT1S','algorithm':'fixed'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'soon'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'PT1S'}],'failMode':'maybe'}"
            })
    void rubbishIsRefused(String rule) {
        assertThat(put("login", rule).extract().statusCode()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "responder", "gateway", "service"})
    void onlyOperatorsAndAdministratorsChange(String role) {
        as(role).body(json(THREE_A_MINUTE)).put("/api/v1/policies/login").then().statusCode(403);
        as(role).delete("/api/v1/policies/login").then().statusCode(403);
    }

    private ValidatableResponse withFields(String fields) {
        var own = Api.as("admin")
                .body(Map.of(
                        "name",
                        "gw-" + UUID.randomUUID(),
                        "application",
                        application,
                        "settings",
                        Map.of("headers", fields)))
                .post("/api/v1/gateways")
                .then()
                .statusCode(201)
                .extract()
                .<String>path("key");
        return given().header("X-Api-Key", own)
                .header("X-Forwarded-For", Api.freshAddress())
                .get("/check/login")
                .then()
                .statusCode(200);
    }

    private RequestSpecification as(String role) {
        return Api.as(role).queryParam("application", application);
    }

    private ValidatableResponse put(String endpoint, String rule) {
        return as("operator")
                .body(json(rule))
                .put("/api/v1/policies/" + endpoint)
                .then();
    }

    private void inForce(String endpoint) {
        await().atMost(SOON).until(() -> field(endpoint) != null);
    }

    private String field(String endpoint) {
        return ask("/check/" + endpoint, Api.freshAddress()).extract().header("RateLimit-Policy");
    }

    private ValidatableResponse ask(String path, String client) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .urlEncodingEnabled(false)
                .get(path)
                .then();
    }

    private ValidatableResponse json(String endpoint, String client, int cost) {
        return given().header("X-Api-Key", key)
                .contentType("application/json")
                .body(Map.of("ip", client, "endpoint", endpoint, "cost", cost))
                .post("/api/v1/check")
                .then();
    }

    private ValidatableResponse ask(Map<String, ?> batch) {
        return given().header("X-Api-Key", key)
                .contentType("application/json")
                .body(batch)
                .post("/api/v1/check/batch")
                .then();
    }

    private static String json(String text) {
        return text.replace('\'', '"');
    }
}
