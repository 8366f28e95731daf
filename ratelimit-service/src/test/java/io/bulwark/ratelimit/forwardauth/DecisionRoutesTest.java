package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class DecisionRoutesTest {
    private static final String BLOCKED = "203.0.113.66";
    private static final String OTHER = "203.0.113.77";

    private static String key;

    @BeforeEach
    void blockOnce() {
        if (key != null) {
            return;
        }
        key = Api.gatewayKey("check");
        Api.as("responder")
                .body("{\"target\":\"" + BLOCKED
                        + "\",\"reason\":\"test\",\"duration\":\"PT1H\",\"application\":\"check\"}")
                .post("/api/v1/blocks");
        await().atMost(SOON).until(() -> Api.check(key, "login", BLOCKED) == 403);
    }

    @Test
    void whoIsNotBlockedIsServed() {
        ask(keyed(), OTHER).statusCode(200).body(emptyString());
    }

    @Test
    void whoIsBlockedIsRefusedWithTheTimeToComeBack() {
        ask(keyed(), BLOCKED)
                .statusCode(403)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("3[0-9]{3}"))
                .header("Cache-Control", "no-store")
                .body("type", equalTo("https://iana.org/assignments/http-problem-types#abnormal-usage-detected"))
                .body("status", equalTo(403));
    }

    @Test
    void thePathWithoutAnEndpointAnswersToo() {
        keyed().header("X-Forwarded-For", BLOCKED).get("/check").then().statusCode(403);
        keyed().header("X-Forwarded-For", OTHER).get("/check/").then().statusCode(200);
        keyed().header("X-Forwarded-For", BLOCKED).head("/check/login").then().statusCode(403);
    }

    @Test
    void nginxIsToldOfTheTrueStatusInAField() {
        keyed().header("X-Forwarded-For", BLOCKED)
                .get("/auth-request/login")
                .then()
                .statusCode(403)
                .header("X-RateLimit-Status", "403")
                .header("Retry-After", matchesPattern("3[0-9]{3}"))
                .header("Cache-Control", "no-store")
                .body(emptyString());
        keyed().header("X-Forwarded-For", OTHER).get("/auth-request").then().statusCode(200);
        keyed().get("/auth-request").then().statusCode(400);
        given().header("X-Forwarded-For", OTHER).get("/auth-request").then().statusCode(401);
        ask(bearer(Tokens.machine("gateway", "check")), "/auth-request", BLOCKED)
                .statusCode(403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "PATCH", "PROPFIND"})
    void envoyAsksWithTheClientsOwnMethodAndPath(String method) {
        for (var path : List.of("/ext-authz", "/ext-authz/", "/ext-authz/a/../b%20c?d=e%00")) {
            asEnvoy(BLOCKED).request(method, path).then().statusCode(403);
            asEnvoy(OTHER).request(method, path).then().statusCode(200);
        }
    }

    @Test
    void behindEnvoyAHeaderNamesTheEndpoint() {
        Api.as("responder")
                .body(Map.of(
                        "target", "203.0.113.88",
                        "reason", "test",
                        "duration", "PT1H",
                        "application", "check",
                        "endpoint", "orders"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "orders", "203.0.113.88") == 403);

        asEnvoy("203.0.113.88").get("/ext-authz/orders").then().statusCode(200);
        asEnvoy("203.0.113.88")
                .header("X-Bulwark-Endpoint", "orders")
                .post("/ext-authz/x")
                .then()
                .statusCode(403);
        asEnvoy(OTHER)
                .header("X-Bulwark-Endpoint", "a b")
                .get("/ext-authz/x")
                .then()
                .statusCode(400);
    }

    @Test
    void whatOnlyLooksLikeAQuestionIsNone() {
        keyed().header("X-Forwarded-For", OTHER).get("/checks").then().statusCode(404);
        keyed().header("X-Forwarded-For", OTHER).get("/ext-authzz").then().statusCode(404);
        keyed().header("X-Forwarded-For", OTHER).put("/check/login").then().statusCode(404);
        keyed().header("X-Forwarded-For", OTHER).delete("/auth-request").then().statusCode(404);
    }

    @Test
    void theQueryIsTheClientsAndIsNotRead() {
        keyed().header("X-Forwarded-For", BLOCKED)
                .get("/check/login?ip=" + OTHER + "&endpoint=x")
                .then()
                .statusCode(403);
    }

    @Test
    void whatTheClientWroteItselfIsNeverBelieved() {
        ask(keyed(), OTHER + ", " + BLOCKED).statusCode(403);
        ask(keyed(), BLOCKED + ", " + OTHER).statusCode(200);
        ask(keyed(), "rubbish, " + BLOCKED).statusCode(403);
        keyed().header("X-Forwarded-For", OTHER)
                .header("X-Forwarded-For", BLOCKED)
                .get("/check/login")
                .then()
                .statusCode(403);
    }

    @Test
    void trustedProxiesArePassedOver() {
        ask(keyed(), BLOCKED + ", 127.0.0.1, 127.0.0.2").statusCode(403);
        ask(keyed(), BLOCKED + ", " + OTHER + ",127.0.0.1").statusCode(200);
    }

    @ParameterizedTest
    @ValueSource(strings = {BLOCKED + ":4711", "[::ffff:203.0.113.66]:80", "::ffff:cb00:7142", "  " + BLOCKED + " "})
    void anAddressIsTheSameHoweverItIsWritten(String forwarded) {
        ask(keyed(), forwarded).statusCode(403);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"127.0.0.1", "rubbish", "203.0.113.66, rubbish", "203.0.113.0/24", "", ",", "unknown", "1.2.3"})
    void withoutAUsableClientAddressThereIsNoDecision(String forwarded) {
        ask(keyed(), forwarded)
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", equalTo("https://bulwark.io/problems/no-client-address"));
    }

    @Test
    void theGatewaysOwnAddressIsNeverTheClients() {
        keyed().get("/check/login").then().statusCode(400);
        keyed().header("X-Real-Ip", "127.0.0.1").get("/check/login").then().statusCode(400);
    }

    @Test
    void aKeyAsBearerWorksToo() {
        ask(given().header("Authorization", "Bearer " + key), BLOCKED).statusCode(403);
    }

    @Test
    void besideAKeyTheAuthorizationIsTheEndUsers() {
        ask(keyed().header("Authorization", "Bearer what.the.user-sent"), OTHER).statusCode(200);
    }

    @Test
    void aGatewaysTokenWorksForItsApplication() {
        ask(bearer(Tokens.machine("gateway", "check")), BLOCKED).statusCode(403);
        ask(bearer(Tokens.machine("gateway", "another")), BLOCKED).statusCode(200);
    }

    @Test
    void nobodyElseIsAnswered() {
        ask(given(), OTHER).statusCode(401).contentType("application/problem+json");
        ask(given().header("X-Api-Key", "bwk_" + "A".repeat(43)), OTHER).statusCode(401);
        ask(given().header("X-Api-Key", ""), OTHER).statusCode(401);
        ask(given().header("Authorization", "Bearer bwk_short"), OTHER).statusCode(401);
        ask(bearer("not.a.token"), OTHER).statusCode(401).contentType("application/problem+json");
        ask(bearer(Tokens.of("admin")), OTHER).statusCode(403).contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"/check/a/b", "/check/%00", "/check/a%20b", "/check/-"})
    void whatCannotBeAnEndpointIsRefused(String path) {
        keyed().header("X-Forwarded-For", OTHER)
                .urlEncodingEnabled(false)
                .get(path)
                .then()
                .statusCode(400)
                .contentType("application/problem+json");
    }

    @Test
    void outcomesAreCounted() {
        var allowed = Api.decisions("allowed");
        var withoutAddress = Api.decisions("no_client_address");

        ask(keyed(), OTHER).statusCode(200);
        ask(keyed(), "rubbish").statusCode(400);

        assertThat(Api.decisions("allowed")).isGreaterThanOrEqualTo(allowed + 1);
        assertThat(Api.decisions("no_client_address")).isGreaterThanOrEqualTo(withoutAddress + 1);
    }

    @Test
    void aKeyOpensNothingButDecisions() {
        keyed().get("/api/v1/blocks").then().statusCode(401);
    }

    private RequestSpecification keyed() {
        return given().header("X-Api-Key", key);
    }

    private static RequestSpecification bearer(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static ValidatableResponse ask(RequestSpecification as, String forwardedFor) {
        return as.header("X-Forwarded-For", forwardedFor).get("/check/login").then();
    }

    private static ValidatableResponse ask(RequestSpecification as, String path, String forwardedFor) {
        return as.header("X-Forwarded-For", forwardedFor).get(path).then();
    }

    private RequestSpecification asEnvoy(String forwardedFor) {
        return keyed().header("X-Forwarded-For", forwardedFor).urlEncodingEnabled(false);
    }
}
