package io.bulwark.ratelimit.blocklist;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Topic;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.OperatorSettings;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@TestProfile(OperatorSettings.class)
class BlocklistResourceTest {

    private ListServer server;
    private ListApi lists;

    @Inject
    BlocklistTable table;

    @Inject
    BlocklistRefresh fetching;

    @BeforeEach
    void open() {
        server = new ListServer(); // the test is a bean, and one for all its methods
        lists = new ListApi(server, fetching::fetchDue);
    }

    @AfterEach
    void close() {
        server.close();
    }

    @Test
    void whomAListNamesIsRefusedUntilItNoLongerDoes() {
        var key = Api.gatewayKey("listed");
        server.publish("/drop", "\"1\"", "; list\n203.0.113.0/24 ; SBL1\n10.0.0.0/8\nrubbish\n2001:db8::/32\n");
        try (var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            lists.subscribe("listed", "drop", Map.of("url", server.url("/drop"), "note", "Spamhaus"))
                    .statusCode(201);
            trail.await(
                    ActionRecorded.class,
                    event -> event.action().equals("blocklist.change") && "drop".equals(event.target()));
        }
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.77") == 403);
        assertThat(Api.check(key, "any", "2001:db8::7")).isEqualTo(403);
        assertThat(Api.check(key, "any", "198.51.100.7")).isEqualTo(200);
        assertThat(Api.check(Api.gatewayKey("other"), "any", "203.0.113.77")).isEqualTo(200);
        lists.get("listed", "drop")
                .body("state", equalTo("current"))
                .body("entries", equalTo(2))
                .body("refused", equalTo(2))
                .body("note", equalTo("Spamhaus"))
                .body("sha256", notNullValue())
                .body("failure", nullValue());
        assertThat(table.listings(Network.parse("203.0.113.77"), "listed", Instant.now()))
                .singleElement()
                .satisfies(listing -> assertThat(listing.network()).hasToString("203.0.113.0/24"));

        server.publish("/drop", "\"2\"", "198.51.100.0/24\n");
        lists.refresh("listed", "drop");
        await().atMost(SOON).until(() -> Api.check(key, "any", "198.51.100.7") == 403);
        assertThat(Api.check(key, "any", "203.0.113.77")).isEqualTo(200);

        Api.as("operator")
                .delete("/api/v1/blocklists/drop?application=listed")
                .then()
                .statusCode(204);
        await().atMost(SOON).until(() -> Api.check(key, "any", "198.51.100.7") == 200);
    }

    @Test
    void bouncersAreHandedWhatAListThatIsInForceHolds() {
        var key = Api.gatewayKey("bouncers");
        server.publish("/drop", "\"1\"", "203.0.113.0/24\n198.51.100.9\n");
        server.publish("/trial", "\"1\"", "192.0.2.0/24\n");
        lists.subscribe("bouncers", "trial", Map.of("url", server.url("/trial"), "shadow", true))
                .statusCode(201);
        lists.subscribe("bouncers", "drop", Map.of("url", server.url("/drop"))).statusCode(201);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bouncer(key, "/v1/decisions?ip=203.0.113.7"))
                        .contains("\"origin\":\"lists\",\"scenario\":\"drop\"", "\"value\":\"203.0.113.0/24\""));
        assertThat(bouncer(key, "/v1/decisions?ip=192.0.2.7")).isEqualTo("null");
        assertThat(bouncer(Api.gatewayKey("others"), "/v1/decisions?ip=203.0.113.7"))
                .isEqualTo("null");
        assertThat(bouncer(key, "/v1/decisions/stream?startup=true")).contains("203.0.113.0/24", "198.51.100.9");

        Api.as("operator")
                .body(Map.of("target", "203.0.113.7", "reason", "partner", "application", "bouncers"))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(201);
        await().atMost(SOON)
                .until(() -> bouncer(key, "/v1/decisions?ip=203.0.113.7").equals("null"));
        assertThat(bouncer(key, "/v1/decisions?ip=203.0.113.6")).contains("\"value\":\"203.0.113.6\"");

        Api.as("operator")
                .delete("/api/v1/blocklists/drop?application=bouncers")
                .then()
                .statusCode(204);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(bouncer(key, "/v1/decisions/stream"))
                        .startsWith("{\"new\":null,\"deleted\":[")
                        .contains("198.51.100.9"));
    }

    @Test
    void aListInShadowModeRefusesNobodyAndCountsWhomItWould() {
        var key = Api.gatewayKey("shadow");
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        lists.subscribe("shadow", "list", Map.of("shadow", true)).statusCode(201);
        await().atMost(SOON).untilAsserted(() -> lists.get("shadow", "list").body("state", equalTo("current")));

        await().atMost(SOON).untilAsserted(() -> {
            assertThat(Api.check(key, "any", "203.0.113.7")).isEqualTo(200);
            assertThat(Api.as("auditor").get("/q/metrics").asString())
                    .containsPattern("ratelimit_blocklist_shadow_hits_total\\{.*list=\"list\"[^}]*} [1-9]");
        });
        lists.subscribe("shadow", "list", Map.of("shadow", false)).statusCode(200);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);
    }

    @Test
    void whoIsOnTheAllowlistIsServedWhateverListsSay() {
        var key = Api.gatewayKey("list-allowed");
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        lists.subscribe("list-allowed", "list", Map.of()).statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);

        Api.allow("203.0.113.7", "list-allowed");

        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 200);
        assertThat(Api.check(key, "any", "203.0.113.8")).isEqualTo(403);
    }

    @Test
    void whatCameFromElsewhereIsForgottenWithItsUrl() {
        var key = Api.gatewayKey("moved");
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        lists.subscribe("moved", "list", Map.of()).statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 403);

        lists.subscribe("moved", "list", Map.of("url", server.url("/gone")))
                .statusCode(200)
                .body("state", equalTo("pending"))
                .body("entries", equalTo(0));

        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.7") == 200);
        await().atMost(SOON)
                .untilAsserted(() -> lists.get("moved", "list").body("failure", equalTo("Its source answers 404")));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "url|http://10.0.0.1/list",
                "url|http://169.254.169.254/",
                "url|file:///etc/passwd",
                "url|http://user@127.0.0.1/list",
                "refresh|PT1S",
                "expiry|PT1H",
                "expiry|P91D",
                "maxEntries|0",
                "maxEntries|4000000"
            })
    void badSettingsAreRefusedByName(String field, String value) {
        lists.subscribe("bad", "list", Map.of(field, value)).statusCode(422).body("errors[0].field", equalTo(field));
        Api.as("auditor").get("/api/v1/blocklists?application=bad").then().body("items.name", not(hasItem("list")));
    }

    @Test
    void whoeverReadAnOlderVersionDoesNotOverwriteANewerOne() {
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        var list = "/api/v1/blocklists/list?application=versions";
        var former = lists.subscribe("versions", "list", Map.of())
                .statusCode(201)
                .extract()
                .header("ETag");
        Api.as("operator").delete(list).then().statusCode(204);
        var newest = lists.subscribe("versions", "list", Map.of("shadow", true))
                .statusCode(201)
                .extract()
                .header("ETag");

        Api.as("operator")
                .header("If-Match", former)
                .body(lists.settings(Map.of()))
                .put(list)
                .then()
                .statusCode(412);
        Api.as("operator").header("If-Match", former).delete(list).then().statusCode(412);
        lists.get("versions", "list").header("ETag", equalTo(newest)).body("shadow", equalTo(true));
        Api.as("operator").header("If-Match", newest).delete(list).then().statusCode(204);
    }

    @Test
    void theListsAreReadByThePage() {
        server.publish("/list", "\"1\"", "203.0.113.0/24\n");
        for (var name : List.of("b", "c", "a")) {
            lists.subscribe("paged", name, Map.of()).statusCode(201);
        }

        var first = Api.as("auditor")
                .get("/api/v1/blocklists?application=paged&limit=2")
                .then()
                .statusCode(200)
                .body("items.name", contains("a", "b"));
        Api.as("auditor")
                .get("/api/v1/blocklists?application=paged&limit=2&cursor="
                        + first.extract().path("nextCursor"))
                .then()
                .body("items.name", contains("c"))
                .body("nextCursor", nullValue());
        for (var name : List.of("a", "b", "c")) {
            Api.as("operator")
                    .delete("/api/v1/blocklists/" + name + "?application=paged")
                    .then()
                    .statusCode(204);
        }
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Api.as("auditor").get("/api/v1/blocklists/nothing").then().statusCode(404);
        Api.as("admin").post("/api/v1/blocklists/nothing/refresh").then().statusCode(404);
        Api.as("admin").delete("/api/v1/blocklists/nothing").then().statusCode(404);
        lists.subscribe("bad", "a%20b", Map.of()).statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "responder", "gateway", "service"})
    void onlyOperatorsAndAdministratorsSubscribe(String role) {
        Api.as(role)
                .body(lists.settings(Map.of()))
                .put("/api/v1/blocklists/list")
                .then()
                .statusCode(403);
    }

    private static String bouncer(String key, String path) {
        return RestAssured.given().header("X-Api-Key", key).get(path).asString();
    }
}
