package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Limits count by what the client sends, and never by what its gateway does. */
@SuiteTest
class ClientHeadersTest {
    private String key;

    @BeforeEach
    void limitByKeyAndByCredential() {
        var application = "headers-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
        policy(application, "keyed", "descriptor:X-Api-Key");
        policy(application, "signed", "credential");
        policy(application, "own", "descriptor:x-bulwark-key");
        await().atMost(SOON)
                .until(() -> asGateway()
                                .header("X-Forwarded-For", Api.freshAddress())
                                .get("/check/own")
                                .header("RateLimit")
                        != null);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/check/keyed", "/auth-request/keyed", "/ext-authz/orders"})
    void theClientsApiKeyIsItsOwnWhereTheGatewayHasAnotherHeader(String path) {
        assertThat(ask(asGateway().header("X-Api-Key", "anns"), path, Api.freshAddress()))
                .isEqualTo(200);
        assertThat(ask(asGateway().header("X-Api-Key", "bobs"), path, Api.freshAddress()))
                .isEqualTo(200);
        assertThat(ask(asGateway().header("X-Api-Key", "anns"), path, Api.freshAddress()))
                .isEqualTo(429);
    }

    @ParameterizedTest
    @CsvSource({
        "X-Api-Key, '', /check/keyed",
        "X-Api-Key, '', /auth-request/keyed",
        "X-Api-Key, '', /ext-authz/orders",
        "Authorization, 'Bearer ', /check/signed",
        "X-Bulwark-Key, '', /check/own"
    })
    void whoIsKnownByTheGatewaysOwnKeyOnlyIsCountedByAddress(String header, String scheme, String path) {
        var client = Api.freshAddress();

        assertThat(ask(given().header(header, scheme + key), path, client)).isEqualTo(200);
        assertThat(ask(given().header(header, scheme + key), path, Api.freshAddress()))
                .isEqualTo(200);
        assertThat(ask(given().header(header, scheme + key), path, client)).isEqualTo(429);
    }

    @Test
    void whoHasAllAddressesOfASiteIsOne() {
        var asked = given().header("X-Api-Key", key);

        assertThat(ask(asked, "/check/keyed", "2001:db8:64:1::1")).isEqualTo(200);
        assertThat(ask(given().header("X-Api-Key", key), "/check/keyed", "2001:db8:64:1::2"))
                .isEqualTo(429);
        assertThat(ask(given().header("X-Api-Key", key), "/check/keyed", "2001:db8:64:2::1"))
                .isEqualTo(200);
    }

    /** Its client may have the key of another application, and be blocked in this one. */
    @Test
    void aClientDoesNotChooseTheApplicationByAKeyOfAnother() {
        var another = Api.gatewayKey("another-" + UUID.randomUUID());

        assertThat(ask(asGateway().header("X-Api-Key", another), "/check/keyed", Api.freshAddress()))
                .isEqualTo(401);
        assertThat(ask(
                        given().header("X-Api-Key", key).header("X-Bulwark-Key", another),
                        "/check/keyed",
                        Api.freshAddress()))
                .isEqualTo(401);
        assertThat(ask(
                        given().header("X-Api-Key", key).header("X-Bulwark-Key", "x"),
                        "/check/keyed",
                        Api.freshAddress()))
                .isEqualTo(401);
    }

    @Test
    void inJsonTheyHaveTheSameNamesAndAreCountedTogether() {
        assertThat(ask(asGateway().header("X-Api-Key", "carls"), "/check/keyed", Api.freshAddress()))
                .isEqualTo(200);

        json(Map.of("x-api-key", "carls")).statusCode(200).body("allowed", equalTo(false));
        json(Map.of("X-API-KEY", "doras")).statusCode(200).body("allowed", equalTo(true));
        json(Map.of("X-Api-Key", "a", "x-api-key", "b"))
                .statusCode(422)
                .body("errors[0].field", equalTo("descriptors"));
        json(Map.of("X-Api-Key", "x".repeat(16_384))).statusCode(200);
        json(Map.of("X-Api-Key", "x".repeat(16_385))).statusCode(422);
    }

    private ValidatableResponse json(Map<String, String> descriptors) {
        return asGateway()
                .contentType(ContentType.JSON)
                .body(Map.of("ip", Api.freshAddress(), "endpoint", "keyed", "descriptors", descriptors))
                .post("/api/v1/check")
                .then();
    }

    private RequestSpecification asGateway() {
        return given().header("X-Bulwark-Key", key);
    }

    /** Status that the client is to see. */
    private static int ask(RequestSpecification request, String path, String client) {
        var answer = request.header("X-Forwarded-For", client)
                .header("X-Bulwark-Endpoint", "keyed")
                .get(path);
        return meant(answer);
    }

    private static int meant(Response answer) {
        var forNginx = answer.header("X-RateLimit-Status");
        return forNginx == null ? answer.statusCode() : Integer.parseInt(forNginx);
    }

    private static void policy(String application, String endpoint, String part) {
        Api.putPolicy(application, endpoint, """
                        {"limits":[{"name":"one","limit":1,"window":"PT1H","key":["%s"]}]}""".formatted(part)).statusCode(201);
    }
}
