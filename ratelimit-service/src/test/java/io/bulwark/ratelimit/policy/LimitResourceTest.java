package io.bulwark.ratelimit.policy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.empty;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SuiteTest
class LimitResourceTest {

    @Test
    void aResponderGivesALegitimateClientItsLimitsBack() {
        var application = "reset-" + UUID.randomUUID();
        var key = Api.gatewayKey(application);
        Api.as("operator")
                .queryParam("application", application)
                .body("{\"limits\":[{\"name\":\"burst\",\"limit\":1,\"window\":\"PT1H\"}]}")
                .put("/api/v1/policies/login")
                .then()
                .statusCode(201);
        await().atMost(SOON).until(() -> {
            var fresh = Api.freshAddress();
            return Api.check(key, "login", fresh) == 200 && Api.check(key, "login", fresh) == 429;
        });
        var client = Api.freshAddress();
        Api.check(key, "login", client);
        await().atMost(SOON).until(() -> Api.check(key, "login", client) == 429);

        reset("responder", application, client, 204);

        await().atMost(SOON).until(() -> Api.check(key, "login", client) == 200);
        reset("responder", application, "198.18.0.0/24", 422);
        reset("responder", application, "nonsense", 422);
        reset("auditor", application, client, 403);
    }

    @Test
    void limitsThatCountByACredentialAreGivenBackToWhoeverHasIt() {
        var shop = LimitedApplication.register();
        shop.put("login", "{'limits':[{'name':'each','limit':1,'window':'PT1H','key':['address','credential']}]}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        assertThat(asks(shop, client, "Basic secret-of-ann")).isEqualTo(200);
        assertThat(asks(shop, client, "Basic secret-of-bob")).isEqualTo(200);
        assertThat(asks(shop, client, "Basic secret-of-ann")).isEqualTo(429);
        try (var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            reset(
                            "responder",
                            shop,
                            Map.of("ip", client, "descriptors", Map.of("authorization", "Basic secret-of-ann")))
                    .statusCode(200)
                    .body("limits.endpoint", contains("login"))
                    .body("limits.name", contains("each"));

            var entry = trail.await(
                    ActionRecorded.class,
                    action -> action.action().equals("limits.reset") && client.equals(action.target()));
            assertThat(entry.application()).isEqualTo(shop.application());
            assertThat(entry.data().details()).containsExactly(Map.entry("descriptors", "authorization"));
        }
        assertThat(asks(shop, client, "Basic secret-of-ann")).isEqualTo(200);
        assertThat(asks(shop, client, "Basic secret-of-bob")).isEqualTo(429);
    }

    @Test
    void whatNamesNobodyIsRefusedAndNotEverybodyGivesBack() {
        var shop = LimitedApplication.register();
        var tenant = Map.of("descriptors", Map.of("tenant", "acme"));

        reset("operator", shop, tenant).statusCode(200).body("limits", empty());
        reset("operator", shop, Map.of()).statusCode(422).body("errors[0].field", equalTo("ip"));
        reset("operator", shop, Map.of("ip", "198.18.0.0/24")).statusCode(422);
        reset("operator", shop, Map.of("descriptors", Map.of("tenant", "a", "Tenant", "b")))
                .statusCode(422)
                .body("errors[0].field", equalTo("descriptors"));
        reset("operator", shop, Map.of("descriptors", Map.of("tenant", "x".repeat(16_385))))
                .statusCode(422);
        for (var role : List.of("user", "auditor", "gateway", "service")) {
            reset(role, shop, tenant).statusCode(403);
        }
    }

    private static ValidatableResponse reset(String role, LimitedApplication shop, Map<String, ?> whose) {
        return shop.as(role).body(whose).post("/api/v1/limits/reset").then();
    }

    private static int asks(LimitedApplication shop, String client, String credential) {
        return given().header("X-Api-Key", shop.key())
                .header("X-Forwarded-For", client)
                .header("Authorization", credential)
                .get("/check/login")
                .statusCode();
    }

    private static void reset(String role, String application, String client, int status) {
        Api.as(role)
                .queryParam("application", application)
                .queryParam("ip", client)
                .delete("/api/v1/limits")
                .then()
                .statusCode(status);
    }
}
