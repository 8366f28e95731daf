package io.bulwark.ratelimit.decision;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.anyOf;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What becomes of requests that a limit refuses. */
@SuiteTest
class RefusedClientsTest {
    @Inject
    RefusedClients refused;

    private String application;
    private String key;

    @BeforeEach
    void limitTheLogin() {
        application = "refused-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
        limit("{\"name\":\"tries\",\"limit\":2,\"window\":\"PT1H\"}");
        await().atMost(SOON).until(() -> ask(Api.freshAddress()).extract().header("RateLimit") != null);
    }

    @Test
    void whoeverALimitRefusedIsToldOfOnceAndKnownAsAnOffender() {
        var client = Api.freshAddress();
        var served = Api.freshAddress();
        ask(served).statusCode(200);
        for (var i = 0; i < 2; i++) {
            ask(client).statusCode(200);
        }
        for (var i = 0; i < 7; i++) {
            ask(client).statusCode(429);
        }

        refused.tell();
        refused.tell();

        await().atMost(SOON)
                .untilAsserted(
                        () -> offenders().body("items.target", contains(client)).body("items.failures", contains(7)));
    }

    @Test
    void theAddressesOfAnIpv6SiteAreOneClient() {
        for (var i = 1; i <= 4; i++) {
            ask("2001:db8:77:1::" + i).statusCode(i <= 2 ? 200 : 429);
        }

        refused.tell();

        await().atMost(SOON)
                .untilAsserted(() -> offenders()
                        .body("items.target", contains("2001:db8:77:1::/64"))
                        .body("items.failures", contains(2)));
    }

    @Test
    void nobodyIsToldOfForWhatItsNeighboursHaveUsedUp() {
        limit("{\"name\":\"tries\",\"limit\":2,\"window\":\"PT1H\"},"
                + "{\"name\":\"all\",\"limit\":3,\"window\":\"PT1H\",\"key\":[]}");
        var guilty = Api.freshAddress();
        await().atMost(SOON)
                .until(() -> ask(guilty).extract().statusCode() == 429
                        && ask(Api.freshAddress()).extract().statusCode() == 429);

        refused.tell();

        await().atMost(SOON).untilAsserted(() -> offenders().body("items.target", contains(guilty)));
    }

    @Test
    void whoIsBlockedIsNotToldOfAgain() {
        var blocked = Api.freshAddress();
        Api.block(blocked, application, "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "unlimited", blocked) == 403);
        ask(blocked).statusCode(403);
        var limited = Api.freshAddress();
        for (var i = 0; i < 3; i++) {
            ask(limited);
        }

        refused.tell();

        await().atMost(SOON).untilAsserted(() -> offenders().body("items.target", contains(limited)));
    }

    @Test
    void envoysLimitsTellOfWhomTheyRefuseToo() {
        Api.putEnvoyDomain(
                application,
                "edge",
                "{domain: edge, descriptors: [{key: remote_address, rate_limit: {unit: hour, requests_per_unit: 1}}]}");
        var client = Api.freshAddress();
        await().atMost(SOON).until(() -> askAsEnvoy(client) == 429);
        askAsEnvoy(client);

        refused.tell();

        await().atMost(SOON)
                .untilAsserted(
                        () -> offenders().body("items.target", contains(client)).body("items.failures", contains(2)));
    }

    private int askAsEnvoy(String client) {
        return given().header("X-Api-Key", key)
                .body("{\"domain\":\"edge\",\"descriptors\":[{\"entries\":[{\"key\":\"remote_address\",\"value\":\""
                        + client + "\"}]}]}")
                .post("/json")
                .statusCode();
    }

    private void limit(String limits) {
        Api.as("operator")
                .queryParam("application", application)
                .body("{\"limits\":[" + limits + "]}")
                .put("/api/v1/policies/login")
                .then()
                .statusCode(anyOf(equalTo(200), equalTo(201)));
    }

    private ValidatableResponse ask(String client) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", client)
                .get("/check/login")
                .then();
    }

    private ValidatableResponse offenders() {
        return Api.as("auditor")
                .queryParam("application", application)
                .queryParam("policy", "access-denied")
                .queryParam("min", 0)
                .get("/api/v1/offenders")
                .then()
                .statusCode(200);
    }
}
