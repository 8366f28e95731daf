package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

@SuiteTest
class JsonRouteTest {
    private static final String QUESTION = """
            {"domain":"edge","descriptors":[{"entries":[{"key":"remote_address","value":"%s"}]}]}""";

    @Test
    void whoIsServedGets200AndWhoIsNotGets429() {
        var key = Api.gatewayKey("json");
        var address = Api.freshAddress();
        ask(key, QUESTION.formatted(address))
                .statusCode(200)
                .contentType("application/json")
                .body(equalTo("{\"overallCode\":\"OK\",\"statuses\":[{\"code\":\"OK\"}]}"));

        Api.block(address, "json", "PT1H");

        await().atMost(SOON)
                .untilAsserted(() -> ask(key, QUESTION.formatted(address))
                        .statusCode(429)
                        .contentType("application/json")
                        .header("Retry-After", matchesPattern("3[0-9]{3}"))
                        .body("overallCode", equalTo("OVER_LIMIT"))
                        .body("statuses[0].currentLimit.name", equalTo("blocked")));
    }

    @Test
    void whatMakesNoSenseIs400InPlainText() {
        var key = Api.gatewayKey("json");
        for (var body : new String[] {"", "{", "{\"unknown\":1}", "{}", "{\"domain\":\"edge\"}"}) {
            ask(key, body).statusCode(400).contentType("text/plain").body(equalTo("Bad Request\n"));
        }
        ask(key, QUESTION.formatted("x".repeat(1 << 22))).statusCode(413);
    }

    @Test
    void theGatewayItselfIsNeverTheClient() {
        var own = "100.99.8.7"; // nobody may be blocked around it any more
        var key = Api.gatewayKey("json", Map.of("ownAddresses", List.of(own)));
        var before = Api.decisions("no_client_address");

        ask(key, QUESTION.formatted(own)).statusCode(400);
        ask(key, QUESTION.formatted("::ffff:" + own)).statusCode(400);

        assertThat(Api.decisions("no_client_address")).isGreaterThanOrEqualTo(before + 2);
        ask(key, QUESTION.formatted("203.0.113.7")).statusCode(200);
    }

    @Test
    void withoutAKeyNobodyIsAnswered() {
        given().body(QUESTION.formatted("198.51.100.7")).post("/json").then().statusCode(401);
        ask("bwk_wrong", QUESTION.formatted("198.51.100.7")).statusCode(401);
    }

    @Test
    void itsHealthIsToldToEverybody() {
        given().get("/healthcheck").then().statusCode(200).body(equalTo("OK"));
    }

    private static ValidatableResponse ask(String key, String body) {
        return given().header("X-Api-Key", key).body(body).post("/json").then();
    }
}
