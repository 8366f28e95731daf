package io.bulwark.ratelimit.policy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;

/** An application of its own behind a gateway, whose policies a test writes. */
record LimitedApplication(String application, String key) {

    static LimitedApplication register() {
        var application = "policy-" + UUID.randomUUID();
        return new LimitedApplication(application, Api.gatewayKey(application));
    }

    ValidatableResponse withFields(String fields) {
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

    RequestSpecification as(String role) {
        return Api.as(role).queryParam("application", application);
    }

    ValidatableResponse put(String endpoint, String rule) {
        return as("operator")
                .body(json(rule))
                .put("/api/v1/policies/" + endpoint)
                .then();
    }

    void inForce(String endpoint) {
        await().atMost(SOON).until(() -> field(endpoint) != null);
    }

    String field(String endpoint) {
        return ask("/check/" + endpoint, Api.freshAddress()).extract().header("RateLimit-Policy");
    }

    ValidatableResponse ask(String path, String client) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .urlEncodingEnabled(false)
                .get(path)
                .then();
    }

    ValidatableResponse json(String endpoint, String client, int cost) {
        return given().header("X-Api-Key", key)
                .contentType("application/json")
                .body(Map.of("ip", client, "endpoint", endpoint, "cost", cost))
                .post("/api/v1/check")
                .then();
    }

    ValidatableResponse ask(Map<String, ?> batch) {
        return given().header("X-Api-Key", key)
                .contentType("application/json")
                .body(batch)
                .post("/api/v1/check/batch")
                .then();
    }

    static String json(String text) {
        return text.replace('\'', '"');
    }
}
