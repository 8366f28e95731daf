package io.bulwark.ratelimit.gateway;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class GatewayResourceTest {
    @Test
    void aKeyIsShownOnceWorksAtOnceAndStopsWithItsGateway() {
        try (var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var name = name();
            var registered = Api.as("admin")
                    .body(Map.of("name", name, "application", "shop"))
                    .post("/api/v1/gateways")
                    .then()
                    .statusCode(201)
                    .header("Cache-Control", "no-store")
                    .body("key", matchesPattern("bwk_[A-Za-z0-9_-]{43}"))
                    .extract();
            var key = registered.<String>path("key");
            var address = "/api/v1/gateways/" + registered.path("id");
            assertThat(Api.check(key, "any", "203.0.113.9")).isEqualTo(200);

            Api.as("auditor")
                    .get(address)
                    .then()
                    .statusCode(200)
                    .body("application", equalTo("shop"))
                    .body("$", not(hasKey("key")));
            Api.as("auditor").get("/api/v1/gateways?limit=500").then().body("items.name", hasItem(name));

            Api.as("admin").delete(address).then().statusCode(204);
            assertThat(Api.check(key, "any", "203.0.113.9")).isEqualTo(401);
            Api.as("admin").delete(address).then().statusCode(404);

            trail.await(
                    ActionRecorded.class,
                    entry -> entry.action().equals("gateway.register") && name.equals(entry.target()));
            var removed = trail.await(
                    ActionRecorded.class,
                    entry -> entry.action().equals("gateway.remove") && name.equals(entry.target()));
            assertThat(removed.application()).isEqualTo("shop");
        }
    }

    @Test
    void onlyTheHashOfAKeyIsStored() throws SQLException {
        var key = Api.gatewayKey("hashed");
        try (var connection = TestDatabase.asSuperuser();
                var query = connection.prepareStatement(
                        "select count(*) from ratelimit.gateway where key_hash = sha256(?::bytea)")) {
            query.setString(1, key);
            try (var result = query.executeQuery()) {
                result.next();
                assertThat(result.getInt(1)).isEqualTo(1);
            }
        }
    }

    @Test
    void otherReplicasAreToldWhatBecomesOfAGateway() {
        var name = name();
        try (var rules = EventProbe.on(Topic.DECISION_RULES)) {
            var address = "/api/v1/gateways/"
                    + Api.as("admin")
                            .body(Map.of("name", name, "application", "told"))
                            .post("/api/v1/gateways")
                            .then()
                            .statusCode(201)
                            .extract()
                            .<String>path("id");
            Api.as("admin")
                    .body("{\"hops\":1}")
                    .put(address + "/settings")
                    .then()
                    .statusCode(200);
            Api.as("admin").delete(address).then().statusCode(204);

            var changes =
                    rules.awaitCount(RuleChanged.class, event -> event.name().equals(name), 2);
            assertThat(changes.getLast().data().key()).isEqualTo("gateway told " + name);
            var removed = rules.await(RuleRemoved.class, event -> event.name().equals(name));
            assertThat(removed.data().version())
                    .isGreaterThan(changes.getLast().data().version());
        }
    }

    @Test
    void whatAnotherReplicaRemovesStopsWithinSecondsThoughItCannotTell() throws SQLException {
        var key = Api.gatewayKey("elsewhere");
        assertThat(Api.check(key, "any", "203.0.113.9")).isEqualTo(200);
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.executeUpdate("delete from ratelimit.gateway where application = 'elsewhere'");
        }

        await().atMost(SOON).until(() -> Api.check(key, "any", "203.0.113.9") == 401);
    }

    @Test
    void whatItsWordIsWorthChangesAtOnce() {
        var registered = Api.as("admin")
                .body(Map.of("name", name(), "application", "hops", "settings", Map.of("hops", 1)))
                .post("/api/v1/gateways")
                .then()
                .statusCode(201)
                .header("ETag", equalTo("\"0\""))
                .body("settings.hops", equalTo(1))
                .body("settings.undecided", equalTo("refuse"))
                .extract();
        var key = registered.<String>path("key");
        var settings = "/api/v1/gateways/" + registered.path("id") + "/settings";
        assertThat(Api.check(key, "any", "203.0.113.9")).isEqualTo(400);

        var change = "{\"ownAddresses\":[\"203.0.113.0/24\"],\"undecided\":\"serve\"}";
        Api.as("admin")
                .header("If-Match", "\"0\"")
                .body(change)
                .put(settings)
                .then()
                .statusCode(200)
                .header("ETag", equalTo("\"1\""))
                .body("settings", not(hasKey("hops")))
                .body("settings.ownAddresses", hasItem("203.0.113.0/24"))
                .body("settings.undecided", equalTo("serve"))
                .body("$", not(hasKey("key")));

        assertThat(Api.check(key, "any", "203.0.113.9")).isEqualTo(400);
        assertThat(Api.check(key, "any", "198.51.100.1, 203.0.113.9")).isEqualTo(200);
        Api.as("admin")
                .header("If-Match", "\"0\"")
                .body("{}")
                .put(settings)
                .then()
                .statusCode(412)
                .header("ETag", equalTo("\"1\""));
        Api.as("admin").body("{}").put(settings).then().statusCode(200);
        assertThat(Api.check(key, "any", "203.0.113.9")).isEqualTo(200);
        Api.as("operator").body("{}").put(settings).then().statusCode(403);
    }

    @Test
    void whatAGatewayHasItselfIsDangerousToBlock() {
        var settings = Map.<String, Object>of("ownAddresses", List.of("100.99.7.0/29"));
        Api.gatewayKey("balanced", settings);

        Api.as("responder")
                .body(Map.of("target", "100.99.7.3", "reason", "test", "duration", "PT1H"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(422)
                .body("type", endsWith("dangerous-target"))
                .body("errors[0].message", containsString("100.99.7.0/29"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{'hops':-1}",
                "{'hops':17}",
                "{'hops':1,'ownAddresses':['10.0.0.0/8']}",
                "{'ownAddresses':['10.0.0.1/8']}",
                "{'ownAddresses':['::/0']}",
                "{'addressHeader':'a b'}"
            })
    void settingsThatMakeNoSenseAreRefused(String settings) {
        Api.as("admin")
                .body("{\"name\":\"" + name() + "\",\"settings\":" + settings.replace('\'', '"') + "}")
                .post("/api/v1/gateways")
                .then()
                .statusCode(422)
                .contentType("application/problem+json");
    }

    @Test
    void twoGatewaysCannotHaveOneName() {
        var registration = Map.of("name", name(), "application", "shop");
        Api.as("admin").body(registration).post("/api/v1/gateways").then().statusCode(201);

        Api.as("admin")
                .body(registration)
                .post("/api/v1/gateways")
                .then()
                .statusCode(409)
                .contentType("application/problem+json");
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{'name':''}", "{'name':'a b'}", "{'name':'x','application':'a b'}"})
    void badNamesAreRefused(String body) {
        Api.as("admin")
                .body(body.replace('\'', '"'))
                .post("/api/v1/gateways")
                .then()
                .statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "responder", "operator", "gateway", "service"})
    void onlyAdministratorsRegister(String role) {
        Api.as(role)
                .body(Map.of("name", name()))
                .post("/api/v1/gateways")
                .then()
                .statusCode(403);
    }

    private static String name() {
        return "gateway-" + UUID.randomUUID();
    }
}
