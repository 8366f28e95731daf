package io.bulwark.ratelimit.allowlist;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class AllowlistResourceTest {

    private String application;
    private String key;

    @BeforeEach
    void register() {
        application = "allow-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
    }

    @Test
    void anAllowanceGoesBeforeEveryBlockAroundIt() {
        Api.block("198.51.100.0/24", application, "PT1H");
        await().atMost(SOON).until(() -> status("198.51.100.9") == 403);

        var id = allow(Map.of("target", "198.51.100.9"))
                .statusCode(201)
                .body("until", nullValue())
                .extract()
                .<String>path("id");
        await().atMost(SOON).until(() -> status("198.51.100.9") == 200);
        assertThat(status("198.51.100.8")).isEqualTo(403);

        Api.as("operator").delete("/api/v1/allowlist/" + id).then().statusCode(204);
        await().atMost(SOON).until(() -> status("198.51.100.9") == 403);
        Api.as("operator").delete("/api/v1/allowlist/" + id).then().statusCode(404);
    }

    @Test
    void anAllowedNetworkHoldsWhereASingleAddressOfItIsBlocked() {
        Api.block("2001:db8:5::/64", application, "PT1H");
        await().atMost(SOON).until(() -> status("2001:db8:5::1") == 403);

        allow(Map.of("target", "2001:db8::/32")).statusCode(201);

        await().atMost(SOON).until(() -> status("2001:db8:5::1") == 200);
    }

    @Test
    void whoIsAllowedHasNoLimitsAndIsServedInMaintenance() {
        Api.as("operator")
                .queryParam("application", application)
                .body("{\"limits\":[{\"name\":\"none\",\"limit\":0,\"window\":\"PT1M\"}]}")
                .put("/api/v1/policies/*")
                .then()
                .statusCode(201);
        await().atMost(SOON).until(() -> status("203.0.113.5") == 429);
        allow(Map.of("target", "203.0.113.5")).statusCode(201);
        await().atMost(SOON).until(() -> status("203.0.113.5") == 200);

        Api.as("operator")
                .queryParam("application", application)
                .body("{\"mode\":\"maintenance\",\"reason\":\"test\"}")
                .put("/api/v1/posture")
                .then()
                .statusCode(200);
        await().atMost(SOON).until(() -> status("203.0.113.6") == 503);
        assertThat(status("203.0.113.5")).isEqualTo(200);
    }

    @Test
    void itHoldsForItsEndpointAndItsApplicationOnly() {
        Api.block("203.0.113.0/24", application, "PT1H");
        allow(Map.of("target", "203.0.113.7", "endpoint", "health")).statusCode(201);

        await().atMost(SOON).until(() -> Api.check(key, "health", "203.0.113.7") == 200);
        await().atMost(SOON).until(() -> status("203.0.113.7") == 403);
    }

    @Test
    void whoIsAllowedIsNotBlockedUnlessAPersonInsists() {
        allow(Map.of("target", "203.0.113.40")).statusCode(201);
        await().atMost(SOON)
                .until(() -> block("203.0.113.0/24", false).extract().statusCode() == 422);

        block("203.0.113.0/24", false)
                .body("type", containsString("dangerous-target"))
                .body("detail", containsString("203.0.113.40"));
        block("203.0.113.0/24", true).statusCode(201);
        assertThat(status("203.0.113.40")).isEqualTo(200);
    }

    @Test
    void itEndsByTheClockAndIsToldOf() {
        try (var rules = EventProbe.on(Topic.DECISION_RULES)) {
            Api.block("203.0.113.99", application, "PT1H");
            await().atMost(SOON).until(() -> status("203.0.113.99") == 403);
            allow(Map.of("target", "203.0.113.99", "duration", "PT1H"))
                    .statusCode(201)
                    .body("until", notNullValue());
            await().atMost(SOON).until(() -> status("203.0.113.99") == 200);

            allow(Map.of("target", "203.0.113.99", "duration", "PT1S")).statusCode(200);
            await().atMost(SOON).until(() -> status("203.0.113.99") == 403);
            rules.await(RuleRemoved.class, event -> event.application().equals(application));
        }
    }

    @Test
    void theSameTargetIsOneAllowanceListedAnnouncedAndAudited() {
        try (var rules = EventProbe.on(Topic.DECISION_RULES);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var id = allow(Map.of("target", "203.0.113.50"))
                    .statusCode(201)
                    .extract()
                    .<String>path("id");
            allow(Map.of("target", "203.0.113.50", "duration", "PT1H"))
                    .statusCode(200)
                    .body("id", equalTo(id));
            allow(Map.of("target", "203.0.113.51")).statusCode(201);
            Api.as("auditor")
                    .get("/api/v1/allowlist?application=" + application)
                    .then()
                    .statusCode(200)
                    .body("items", hasSize(2))
                    .body("items.target", hasItems("203.0.113.50", "203.0.113.51"));
            rules.awaitCount(
                    RuleChanged.class, event -> event.key().equals("allowance " + application + " 203.0.113.50"), 2);
            trail.await(
                    ActionRecorded.class,
                    entry -> entry.action().equals("allowance.create") && "203.0.113.51".equals(entry.target()));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0.0.0.0/0", "::/0", "10.0.0.0/7", "2001::/18"})
    void whatAllowsHalfTheInternetNeedsForce(String target) {
        allow(Map.of("target", target)).statusCode(422).body("type", containsString("dangerous-target"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'target':'x','reason':'r'}",
                "{'target':'203.0.113.1/24','reason':'r'}",
                "{'target':'203.0.113.1','reason':' '}",
                "{'target':'203.0.113.1','reason':'r','duration':'PT0S'}",
                "{'target':'203.0.113.1','reason':'r','endpoint':'a b'}"
            })
    void rubbishIsRefused(String order) {
        assertThat(Api.as("operator")
                        .body(order.replace('\'', '"'))
                        .post("/api/v1/allowlist")
                        .statusCode())
                .isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "gateway", "service"})
    void onlyWhoRespondsOrOperatesAllows(String role) {
        Api.as(role)
                .body(Map.of("target", "203.0.113.1", "reason", "r"))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(403);
    }

    private int status(String client) {
        return Api.check(key, "any", client);
    }

    private ValidatableResponse allow(Map<String, String> order) {
        var body = new HashMap<String, Object>(order);
        body.put("reason", "test");
        body.put("application", application);
        return Api.as("operator").body(body).post("/api/v1/allowlist").then();
    }

    private ValidatableResponse block(String target, boolean force) {
        return Api.as("responder")
                .body(Map.of(
                        "target", target,
                        "reason", "test",
                        "duration", "PT1H",
                        "application", application,
                        "force", force))
                .post("/api/v1/blocks")
                .then();
    }
}
