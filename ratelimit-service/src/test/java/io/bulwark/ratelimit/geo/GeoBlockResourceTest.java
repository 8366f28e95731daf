package io.bulwark.ratelimit.geo;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.OperatorSettings;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@TestProfile(OperatorSettings.class)
class GeoBlockResourceTest {

    @Test
    void aCountryIsRefusedUntilItNoLongerIs() {
        var key = Api.gatewayKey("country");
        String id;
        try (var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            id = block(Map.of("country", "NL", "application", "country"))
                    .statusCode(201)
                    .body("until", nullValue())
                    .extract()
                    .path("id");
            trail.await(
                    ActionRecorded.class,
                    event -> event.action().equals("geo-block.create") && "NL".equals(event.target()));
        }
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);
        assertThat(Api.check(key, "any", "2001:db8::7")).isEqualTo(403);
        assertThat(Api.check(key, "any", "198.51.100.7")).isEqualTo(200);
        assertThat(Api.check(key, "any", "192.0.2.7")).isEqualTo(200);
        assertThat(Api.check(Api.gatewayKey("elsewhere"), "any", "203.0.113.7")).isEqualTo(200);

        block(Map.of("country", "NL", "application", "country", "reason", "still"))
                .statusCode(200)
                .body("id", equalTo(id));
        Api.as("responder").delete("/api/v1/geo-blocks/" + id).then().statusCode(204);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 200);
        Api.as("responder").delete("/api/v1/geo-blocks/" + id).then().statusCode(404);
    }

    @Test
    void aSystemIsRefusedOnOneEndpointForAWhile() {
        var key = Api.gatewayKey("system");
        var order = Map.<String, Object>of("asn", 64_500, "application", "system", "endpoint", "login");
        block(with(order, "duration", "PT1H")).statusCode(201);

        await().atMost(SOON).until(() -> Api.check(key, "login", "203.0.113.7") == 403);
        assertThat(Api.check(key, "search", "203.0.113.7")).isEqualTo(200);
        assertThat(Api.check(key, "login", "203.0.113.200")).isEqualTo(200);
        assertThat(Api.check(key, "login", "198.51.100.7")).isEqualTo(200);

        block(with(order, "duration", "PT1S")).statusCode(200);
        await().atMost(SOON).until(() -> Api.check(key, "login", "203.0.113.7") == 200);
        await().atMost(SOON)
                .untilAsserted(() -> Api.as("auditor")
                        .get("/api/v1/geo-blocks?application=system")
                        .then()
                        .body("items", hasSize(0)));
    }

    @Test
    void whoIsOnTheAllowlistIsServedWhereverHeIs() {
        var key = Api.gatewayKey("geo-allowed");
        block(Map.of("country", "NL", "application", "geo-allowed")).statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);

        Api.allow("203.0.113.7", "geo-allowed");

        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 200);
        assertThat(Api.check(key, "any", "203.0.113.8")).isEqualTo(403);
    }

    @Test
    void whoAsksWhyIsToldThePlace() {
        var key = Api.gatewayKey("geo-why");
        block(Map.of("asn", 64_500, "application", "geo-why", "reason", "hosting"))
                .statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);

        Api.as("auditor")
                .get("/api/v1/explain?ip=203.0.113.7&application=geo-why")
                .then()
                .statusCode(200)
                .body("now.allowed", equalTo(false))
                .body("whereabouts.country", equalTo("NL"))
                .body("whereabouts.asn", equalTo(64_500))
                .body("places.place", equalTo(List.of("AS64500")))
                .body("places[0].reason", equalTo("hosting"));
        Api.as("auditor")
                .get("/api/v1/explain?ip=192.0.2.1&application=geo-why")
                .then()
                .body("whereabouts.country", nullValue())
                .body("places", hasSize(0));
    }

    @Test
    void bouncersOfCrowdSecAreHandedThem() {
        var key = Api.gatewayKey("geo-bouncer");
        var id = block(Map.of("country", "NL", "application", "geo-bouncer", "reason", "why"))
                .extract()
                .<String>path("id");
        block(Map.of("asn", 64_501, "application", "geo-bouncer", "duration", "PT1H"))
                .statusCode(201);

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(stream(key, true))
                        .contains(
                                "\"scope\":\"Country\"", "\"value\":\"NL\"", "\"scope\":\"AS\"", "\"value\":\"64501\"")
                        .contains("\"scenario\":\"manual 'ban': why\""));
        Api.as("responder").delete("/api/v1/geo-blocks/" + id).then().statusCode(204);
        await().atMost(SOON)
                .untilAsserted(
                        () -> assertThat(stream(key, false)).containsPattern("\"deleted\":\\[.*\"value\":\"NL\""));
    }

    @Test
    void theListIsReadByThePage() {
        for (var country : List.of("DE", "FR", "NL")) {
            block(Map.of("country", country, "application", "paged")).statusCode(201);
        }

        var first = Api.as("auditor")
                .get("/api/v1/geo-blocks?application=paged&limit=2")
                .then()
                .statusCode(200)
                .body("items.country", contains("DE", "FR"));
        Api.as("auditor")
                .get("/api/v1/geo-blocks?application=paged&limit=2&cursor="
                        + first.extract().path("nextCursor"))
                .then()
                .body("items.country", contains("NL"))
                .body("nextCursor", nullValue());
    }

    @Test
    void theListNamesTheDatabases() {
        block(Map.of("country", "DE", "application", "list")).statusCode(201);

        Api.as("auditor")
                .get("/api/v1/geo-blocks?application=list")
                .then()
                .statusCode(200)
                .body("items.country", hasItem("DE"))
                .body("databases.find { it.kind == 'country' }.available", equalTo(true))
                .body("databases.find { it.kind == 'country' }.type", equalTo("GeoLite2-Country"))
                .body("databases.find { it.kind == 'as' }.type", equalTo("GeoLite2-ASN"));
        RestAssured.get("/q/health/ready")
                .then()
                .statusCode(200)
                .body("checks.find { it.name == 'geo databases' }.data.country", containsString("GeoLite2-Country of"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "country|nl|country",
                "country|NLD|country",
                "asn|0|asn",
                "asn|4294967296|asn",
                "endpoint|a b|endpoint",
                "application|a b|application",
                "duration|PT0S|duration",
                "reason| |reason"
            })
    void badOrdersAreRefusedByName(String field, String value, String named) {
        var order = new HashMap<String, Object>();
        if (!field.equals("asn")) {
            order.put("country", "NL");
        }
        order.put(field, value);
        block(order).statusCode(422).body("errors[0].field", equalTo(named));
    }

    @Test
    void anOrderIsAboutOneTarget() {
        block(Map.of()).statusCode(422);
        block(Map.of("country", "NL", "asn", 64_500)).statusCode(422);
        Api.as("auditor").get("/api/v1/geo-blocks").then().body("items.application", not(hasItem("default")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "operator", "gateway", "service"})
    void onlyRespondersAndAdministratorsBlock(String role) {
        Api.as(role)
                .body(Map.of("country", "NL", "reason", "x"))
                .post("/api/v1/geo-blocks")
                .then()
                .statusCode(403);
    }

    private static ValidatableResponse block(Map<String, Object> order) {
        return Api.as("responder")
                .body(order.containsKey("reason") ? order : with(order, "reason", "test"))
                .post("/api/v1/geo-blocks")
                .then();
    }

    private static Map<String, Object> with(Map<String, Object> order, String field, Object value) {
        var more = new HashMap<>(order);
        more.put(field, value);
        return more;
    }

    private static String stream(String key, boolean startup) {
        return RestAssured.given()
                .header("X-Api-Key", key)
                .get("/v1/decisions/stream?scopes=Ip,Range,Country,AS&startup=" + startup)
                .asString();
    }
}
