package io.bulwark.ratelimit.decision;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whoever asks in JSON. */
@SuiteTest
class CheckResourceTest {
    private static final String APPLICATION = "check-json";
    private static final String OTHER = "203.0.113.77";

    private static String key;
    private static String blocked;

    @BeforeEach
    void blockOnce() {
        if (key != null) {
            return;
        }
        key = Api.gatewayKey(APPLICATION);
        blocked = Api.freshAddress();
        Api.block(blocked, APPLICATION, "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "login", blocked) == 403);
    }

    @Test
    void aQuestionInJsonIsAnsweredInJson() {
        json(keyed(), "{'ip':'" + blocked + "','endpoint':'login','cost':1}")
                .statusCode(200)
                .body("allowed", equalTo(false))
                .body("reason", equalTo("blocked"))
                .body("retryAfterSeconds", greaterThan(3_000));
        json(keyed(), "{'ip':'" + OTHER + "'}").statusCode(200).body("allowed", equalTo(true));
        json(given().header("Authorization", "Bearer " + key), "{'ip':'" + blocked + "'}")
                .body("allowed", equalTo(false));
        json(bearer(Tokens.machine("gateway", APPLICATION)), "{'ip':'" + blocked + "'}")
                .body("allowed", equalTo(false));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'ip':'x'}",
                "{'ip':'203.0.113.0/24'}",
                "{'ip':'203.0.113.7','endpoint':'a b'}",
                "{'ip':'203.0.113.7','cost':-1}"
            })
    void aQuestionThatMakesNoSenseNamesTheField(String body) {
        json(keyed(), body).statusCode(422).contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'ip':'x'}"})
    void aQuestionWithoutAClientAddressIsCounted(String body) {
        var before = Api.decisions("no_client_address");

        json(keyed(), body).statusCode(422).body("errors.field", contains("ip"));

        assertThat(Api.decisions("no_client_address")).isGreaterThanOrEqualTo(before + 1);
    }

    @Test
    void anotherMistakeIsNotCountedAsThat() {
        var before = Api.decisions("no_client_address");

        json(keyed(), "{'ip':'" + OTHER + "','descriptors':{'tenant':'a','Tenant':'b'}}")
                .statusCode(422)
                .body("errors.field", contains("descriptors"));

        assertThat(Api.decisions("no_client_address")).isEqualTo(before);
    }

    @Test
    void nobodyElseAsksInJson() {
        var question = "{'ip':'" + OTHER + "'}";
        json(given(), question).statusCode(401).contentType("application/problem+json");
        json(given().header("X-Api-Key", "bwk_wrong"), question).statusCode(401);
        json(bearer(Tokens.of("admin")), question).statusCode(403);
        json(keyed(), "{'ip':").statusCode(400);
        json(keyed(), "{'ip':'" + OTHER + "','cost':'x'}").statusCode(400);
    }

    private static RequestSpecification keyed() {
        return given().header("X-Api-Key", key);
    }

    private static RequestSpecification bearer(String token) {
        return given().header("Authorization", "Bearer " + token);
    }

    private static ValidatableResponse json(RequestSpecification as, String question) {
        return as.contentType("application/json")
                .body(question.replace('\'', '"'))
                .post("/api/v1/check")
                .then();
    }
}
