package io.bulwark.ratelimit.policy;

import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SuiteTest
class LimitResourceTest {
    private static final Duration SOON = Duration.ofSeconds(10);

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

    private static void reset(String role, String application, String client, int status) {
        Api.as(role)
                .queryParam("application", application)
                .queryParam("ip", client)
                .delete("/api/v1/limits")
                .then()
                .statusCode(status);
    }
}
