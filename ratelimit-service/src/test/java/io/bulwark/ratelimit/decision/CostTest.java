package io.bulwark.ratelimit.decision;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.startsWith;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.Response;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@SuiteTest
class CostTest {
    @ParameterizedTest
    @CsvSource({"0, 0", "7, 7", "0012, 12", "9999999, 9999999"})
    void aNumberIsACost(String text, long cost) {
        assertThat(Cost.of("x/" + text, 2)).isEqualTo(cost);
    }

    @ParameterizedTest
    @CsvSource({"''", "-1", "+1", "1.5", "1/2", "a", "12345678", "' 1'"})
    void anythingElseIsNone(String text) {
        assertThat(Cost.of("x/" + text, 2)).isEqualTo(Question.USUAL_COST);
    }

    /** Caddy hands its client's query on to us. */
    @Test
    void thePathSaysItAndNotTheQuery() {
        Api.putPolicy("cost", "export", """
                        {"limits":[{"name":"few","limit":9,"window":"PT1H"}]}""").statusCode(201);
        var key = Api.gatewayKey("cost");
        await().atMost(SOON)
                .until(() -> ask(key, "/check/export", Api.freshAddress()).header("RateLimit") != null);
        var client = Api.freshAddress();

        assertLeft(ask(key, "/check/export/0", client), 9);
        assertLeft(ask(key, "/check/export/5", client), 4);
        assertLeft(ask(key, "/check/export?cost=0", client), 3);
        assertLeft(ask(key, "/auth-request/export/2?cost=0", client), 1);
        ask(key, "/check/export/2", client).then().statusCode(429);
        ask(key, "/check/export/x", client).then().statusCode(400);
        ask(key, "/check/export/1/2", client).then().statusCode(400);
    }

    @Test
    void whereThePathIsTheClientsAHeaderSaysIt() {
        Api.putPolicy("cost-header", "export", """
                        {"limits":[{"name":"few","limit":9,"window":"PT1H"}]}""").statusCode(201);
        var key = Api.gatewayKey("cost-header");
        await().atMost(SOON)
                .until(() -> askAsEnvoy(key, "0", Api.freshAddress()).header("RateLimit") != null);
        var client = Api.freshAddress();

        assertLeft(askAsEnvoy(key, "0", client), 9);
        assertLeft(askAsEnvoy(key, "5", client), 4);
        assertLeft(askAsEnvoy(key, "five", client), 3);
        askAsEnvoy(key, "4", client).then().statusCode(429);
    }

    private static Response askAsEnvoy(String key, String cost, String client) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .header("X-Bulwark-Endpoint", "export")
                .header("X-Bulwark-Cost", cost)
                .get("/ext-authz/orders");
    }

    private static void assertLeft(Response answer, int left) {
        answer.then().statusCode(200).header("RateLimit", startsWith("\"few\";r=" + left + ";"));
    }

    private static Response ask(String key, String path, String client) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .get(path);
    }
}
