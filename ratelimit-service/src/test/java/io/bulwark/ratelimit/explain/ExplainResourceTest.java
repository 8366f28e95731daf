package io.bulwark.ratelimit.explain;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class ExplainResourceTest {

    private String application;
    private String key;

    @BeforeEach
    void register() {
        application = "explain-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
    }

    @Test
    void everyReasonAndListIsToldTogether() {
        Api.block("198.51.100.0/24", application, "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "any", "198.51.100.9") == 403);
        Api.as("operator")
                .body(Map.of(
                        "target", "198.51.100.9",
                        "reason", "our office",
                        "application", application,
                        "endpoint", "health"))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(201);
        Api.as("operator")
                .queryParam("application", application)
                .body("{\"limits\":[{\"name\":\"burst\",\"limit\":6,\"window\":\"PT1H\"}]}")
                .put("/api/v1/policies/login")
                .then()
                .statusCode(201);
        Api.as("operator")
                .queryParam("application", application)
                .body("{\"mode\":\"elevated\",\"reason\":\"scans\"}")
                .put("/api/v1/posture")
                .then()
                .statusCode(200);

        await().atMost(SOON)
                .untilAsserted(() -> explain("198.51.100.9")
                        .statusCode(200)
                        .body("now.allowed", equalTo(false))
                        .body("now.reason", equalTo("blocked"))
                        .body("now.retryAfterSeconds", notNullValue())
                        .body("blocks.target", contains("198.51.100.0/24"))
                        .body("blocks[0].reason", equalTo("test"))
                        .body("blocks[0].active", equalTo(true))
                        .body("allowances.reason", contains("our office"))
                        .body("posture.mode", equalTo("elevated"))
                        .body("limits.name", contains("burst"))
                        .body("limits[0].limit", equalTo(3))
                        .body("limits[0].remaining", equalTo(3))
                        .body("lists", hasSize(0))
                        .body("$", not(hasKey("refused"))));
        Api.as("auditor")
                .queryParam("application", application)
                .queryParam("endpoint", "health")
                .get("/api/v1/explain?ip=198.51.100.9")
                .then()
                .body("now.allowed", equalTo(true));
    }

    @Test
    void aRefusalCarriesAReferenceThatFindsIt() {
        Api.block("203.0.113.7", application, "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);
        var refused = given().header("X-Api-Key", key)
                .header("X-Forwarded-For", "203.0.113.7")
                .get("/check/any")
                .then()
                .statusCode(403)
                .extract();
        var reference = refused.header("X-Bulwark-Reference");

        Api.as("responder")
                .queryParam("reference", reference)
                .get("/api/v1/explain")
                .then()
                .statusCode(200)
                .body("ip", equalTo("203.0.113.7"))
                .body("application", equalTo(application))
                .body("refused.reason", equalTo("blocked"))
                .body("refused.endpoint", equalTo("any"))
                .body("now.reason", equalTo("blocked"))
                .body("refused.at", notNullValue())
                .body("blocks.target", contains("203.0.113.7"));
        assertThat(refused.<String>path("reference")).isEqualTo(reference);
        given().header("X-Api-Key", key)
                .header("X-Forwarded-For", "203.0.113.7")
                .get("/auth-request/any")
                .then()
                .header("X-Bulwark-Reference", notNullValue());
    }

    @Test
    void whoIsOverALimitIsToldWhichWhereTheEndpointIsKnown() {
        Api.putPolicy(application, "login", """
                        {"limits":[{"name":"trial","limit":1,"window":"PT1H","shadow":true},
                                   {"name":"burst","limit":3,"window":"PT1H","cost":2}]}""").statusCode(201);
        Api.putPolicy(application, "*", """
                        {"limits":[{"name":"all","limit":1,"window":"PT1H"}]}""").statusCode(201);
        await().atMost(SOON).until(() -> {
            var fresh = Api.freshAddress();
            return Api.check(key, "any", fresh) == 200 && Api.check(key, "any", fresh) == 429;
        });
        var address = Api.freshAddress();
        Api.check(key, "login", address);
        var reference = given().header("X-Api-Key", key)
                .header("X-Forwarded-For", address)
                .get("/check/login")
                .then()
                .statusCode(429)
                .extract()
                .header("X-Bulwark-Reference");

        for (var question : List.of(
                "ip=" + address + "&application=" + application + "&endpoint=login", "reference=" + reference)) {
            Api.as("auditor")
                    .get("/api/v1/explain?" + question)
                    .then()
                    .body("now.allowed", equalTo(false))
                    .body("now.reason", equalTo("limited"))
                    .body("now.policy", equalTo("burst"))
                    .body("limits.find { it.name == 'burst' }.over", equalTo(true));
        }
        explain(address).body("now.allowed", equalTo(true));
        explain(address + "&endpoint=another").body("now.allowed", equalTo(true));
        Api.check(key, "another", address);
        explain(address + "&endpoint=another").body("now.policy", equalTo("all"));
        explain(Api.freshAddress() + "&endpoint=login").body("now.allowed", equalTo(true));
    }

    @Test
    void whatIsLeftOfALimitBehindEnvoyIsToldToo() {
        Api.putEnvoyDomain(application, "edge", """
                domain: edge
                descriptors:
                  - key: remote_address
                    rate_limit: {name: each, unit: hour, requests_per_unit: 2}
                  - key: path
                    descriptors: [{key: remote_address, rate_limit: {unit: hour, requests_per_unit: 1}}]
                """).statusCode(201);
        await().atMost(SOON).untilAsserted(() -> explain("203.0.113.8").body("domainLimits.name", contains("each")));
        var address = Api.freshAddress();

        limitBehindEnvoy(address, 200);
        limitBehindEnvoy(address, 200);
        limitBehindEnvoy(address, 429);

        explain(address)
                .body("domainLimits.domain", contains("edge"))
                .body("domainLimits[0].limit", equalTo(2))
                .body("domainLimits[0].remaining", equalTo(0))
                .body("domainLimits[0].over", equalTo(true));
        explain("203.0.113.8").body("domainLimits[0].remaining", equalTo(2));
    }

    private void limitBehindEnvoy(String address, int status) {
        given().header("X-Bulwark-Key", key)
                .body("""
                        {"domain": "edge", "descriptors": [{"entries": [{"key": "remote_address", "value": "%s"}]}]}
                        """.formatted(address))
                .post("/json")
                .then()
                .statusCode(status);
    }

    @Test
    void whatItDidAndWhatWasConcludedIsTold() {
        var address = Api.freshAddress();
        try (var auth = EventSender.as("auth-service")) {
            for (var i = 0; i < 5; i++) {
                auth.send(failure(address), application, Instant.now());
            }
        }
        await().atMost(SOON).until(() -> Api.check(key, "any", address) == 403);

        explain(address)
                .body("wrongs", hasSize(5))
                .body("wrongs[0].policy", equalTo("login"))
                .body("conclusions.policy", contains("login"))
                .body("conclusions[0].outcome", equalTo("blocked"))
                .body("blocks[0].policy", equalTo("login"));
    }

    @Test
    void whatWasConcludedOfTheNetworkAroundItIsTold() {
        try (var auth = EventSender.as("auth-service")) {
            for (var i = 1; i <= 20; i++) {
                auth.send(
                        new LoginFailed("203.0.113." + i, "user" + i, null, Reason.WRONG_PASSWORD),
                        application,
                        Instant.now());
            }
        }

        await().atMost(SOON)
                .untilAsserted(() -> explain("203.0.113.7")
                        .body("conclusions.policy", contains("distributed-flood"))
                        .body("conclusions.place", contains("203.0.113.0/24"))
                        .body("wrongs.place", contains("203.0.113.7")));
        explain("203.0.114.7").body("conclusions", hasSize(0));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "?ip=x",
                "?ip=203.0.113.0/24",
                "?reference=x",
                "?reference=TAAAAAAEywBxB3Nob3AA", // of an application that ends with NUL
                "?ip=203.0.113.1&reference=x"
            })
    void whatCannotBeExplainedIsRefused(String query) {
        Api.as("auditor").get("/api/v1/explain" + query).then().statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "gateway", "service"})
    void onlyStaffAsks(String role) {
        Api.as(role).get("/api/v1/explain?ip=203.0.113.1").then().statusCode(403);
    }

    private ValidatableResponse explain(String address) {
        return Api.as("auditor")
                .queryParam("application", application)
                .get("/api/v1/explain?ip=" + address)
                .then();
    }

    private static LoginFailed failure(String address) {
        return new LoginFailed(address, "ada@example.com", null, Reason.WRONG_PASSWORD);
    }
}
