package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.not;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.response.ValidatableResponse;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class EnvoyDomainResourceTest {
    private static final String FILE = """
            # as envoyproxy/ratelimit has it
            domain: edge
            descriptors:
              - key: remote_address
                rate_limit:
                  unit: hour
                  requests_per_unit: %d
            """;

    private String application;
    private String key;

    @BeforeEach
    void register() {
        application = "domains-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
    }

    @Test
    void limitsHoldWithoutARestartAndGoAgain() {
        put("edge", FILE.formatted(2)).statusCode(201);
        var client = Api.freshAddress();
        await().atMost(SOON).until(() -> remaining(client) >= 0);
        await().atMost(SOON).until(() -> status(client) == 429);
        assertThat(status(Api.freshAddress())).isEqualTo(200);
        assertThat(given().get("/q/metrics").asString())
                .contains("ratelimit_domain_requests_total{application=\"" + application
                        + "\",domain=\"edge\",limit=\"envoy." + application
                        + ".edge.remote_address\",result=\"over\"} 1.0");

        var newest = put("edge", FILE.formatted(3)).statusCode(200).extract().header("ETag");
        await().atMost(SOON).until(() -> remaining(Api.freshAddress()) == 2);

        given().auth()
                .oauth2(Tokens.of("operator"))
                .header("If-Match", newest)
                .delete("/api/v1/envoy-domains/edge?application=" + application)
                .then()
                .statusCode(204);
        await().atMost(SOON).until(() -> status(client) == 200);
    }

    @Test
    void aFileIsGivenBackAsItWasPut() {
        var version = put("edge", FILE.formatted(5)).statusCode(201).extract().header("ETag");

        Api.as("auditor")
                .get("/api/v1/envoy-domains/edge?application=" + application)
                .then()
                .statusCode(200)
                .contentType("application/yaml")
                .header("ETag", version)
                .body(equalTo(FILE.formatted(5)));
        Api.as("auditor")
                .get("/api/v1/envoy-domains?application=" + application)
                .then()
                .statusCode(200)
                .body("items.domain", hasItems("edge"))
                .body("items[0].application", equalTo(application));
        Api.as("auditor").get("/api/v1/envoy-domains/edge").then().statusCode(404);
    }

    @Test
    void itIsToldToReplicasAndAudited() {
        try (var rules = EventProbe.on(Topic.DECISION_RULES);
                var audit = EventProbe.on(Topic.AUDIT_TRAIL)) {
            put("edge", FILE.formatted(5)).statusCode(201);
            Api.as("admin")
                    .delete("/api/v1/envoy-domains/edge?application=" + application)
                    .then()
                    .statusCode(204);

            rules.await(RuleChanged.class, event -> event.application().equals(application));
            rules.await(RuleRemoved.class, event -> event.application().equals(application));
            audit.await(ActionRecorded.class, event -> event.action().equals("envoy-domain.change"));
            audit.await(ActionRecorded.class, event -> event.action().equals("envoy-domain.remove"));
        }
    }

    @Test
    void aResponderGivesADescriptorItsLimitBack() {
        put("edge", FILE.formatted(1)).statusCode(201);
        var client = Api.freshAddress();
        var other = Api.freshAddress();
        await().atMost(SOON).until(() -> status(client) == 429);
        assertThat(status(other)).isEqualTo(200);
        assertThat(status(other)).isEqualTo(429);
        try (var audit = EventProbe.on(Topic.AUDIT_TRAIL)) {
            reset("responder", "edge", "remote_address", client).statusCode(204);

            var entry = audit.await(
                    ActionRecorded.class,
                    event -> event.action().equals("limits.reset") && "edge".equals(event.target()));
            assertThat(entry.application()).isEqualTo(application);
            assertThat(entry.data().details()).containsExactly(Map.entry("descriptors", "remote_address"));
        }
        assertThat(status(client)).isEqualTo(200);
        assertThat(status(other)).isEqualTo(429);

        reset("responder", "edge", "path", "/login").statusCode(422).body("detail", containsString("number 0"));
        reset("responder", "elsewhere", "remote_address", client).statusCode(404);
        reset("auditor", "edge", "remote_address", client).statusCode(403);
    }

    @Test
    void whoDecidedOnAnOlderVersionIsTold() {
        var former = put("edge", FILE.formatted(5)).statusCode(201).extract().header("ETag");
        Api.as("operator")
                .delete("/api/v1/envoy-domains/edge?application=" + application)
                .then()
                .statusCode(204);
        var newest = put("edge", FILE.formatted(6)).statusCode(201).extract().header("ETag");

        given().auth()
                .oauth2(Tokens.of("operator"))
                .contentType("application/yaml")
                .header("If-Match", former)
                .body(FILE.formatted(7).getBytes(UTF_8))
                .put("/api/v1/envoy-domains/edge?application=" + application)
                .then()
                .statusCode(412)
                .header("ETag", newest);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "domain: other",
                "domain: edge\ndomain: edge",
                "domain: edge\ndescriptors: [{key: a, rate_limit: {unit: fortnight, requests_per_unit: 1}}]",
                "domain: edge\nunknown: 1",
                "domain: *x",
                "domain: !!java.io.File [x]",
            })
    void aFileThatEnvoyproxyWouldNotTakeIsNotTaken(String yaml) {
        put("edge", yaml)
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors[0].field", equalTo("body"));
    }

    @Test
    void theLineOfAMistakeIsNamed() {
        put("edge", "domain: edge\ndescriptors:\n  - value: x")
                .statusCode(422)
                .body("detail", containsString("line 3"));
    }

    @Test
    void aNameThatCannotBeOneIsRefused() {
        put("a%2Fb", "domain: a/b").statusCode(not(equalTo(201)));
        put("x".repeat(256), "domain: x").statusCode(422);
        put("edge", "domain: edge # " + "x".repeat(1 << 20)).statusCode(not(equalTo(201)));
    }

    @Test
    void onlyOperatorsChangeLimits() {
        for (var role : new String[] {"user", "auditor", "responder", "gateway"}) {
            given().auth()
                    .oauth2(Tokens.of(role))
                    .contentType("application/yaml")
                    .body(FILE.formatted(5).getBytes(UTF_8))
                    .put("/api/v1/envoy-domains/edge?application=" + application)
                    .then()
                    .statusCode(403);
        }
        given().get("/api/v1/envoy-domains").then().statusCode(401);
        Api.as("user").get("/api/v1/envoy-domains").then().statusCode(403);
    }

    private ValidatableResponse put(String domain, String yaml) {
        return Api.putEnvoyDomain(application, domain, yaml);
    }

    private ValidatableResponse reset(String role, String domain, String name, String value) {
        return Api.as(role)
                .body(Map.of("descriptors", List.of(Map.of("entries", List.of(Map.of("key", name, "value", value))))))
                .post("/api/v1/envoy-domains/" + domain + "/reset?application=" + application)
                .then();
    }

    private int status(String address) {
        return ask(address).extract().statusCode();
    }

    /** What is left; -1 where no limit is in force yet. */
    private int remaining(String address) {
        Integer remaining = ask(address).extract().path("statuses[0].limitRemaining");
        return remaining == null ? -1 : remaining;
    }

    private ValidatableResponse ask(String address) {
        return given().header("X-Api-Key", key)
                .body("{\"domain\":\"edge\",\"descriptors\":[{\"entries\":[{\"key\":\"remote_address\",\"value\":\""
                        + address + "\"}]}]}")
                .post("/json")
                .then();
    }
}
