package io.bulwark.ratelimit.policy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.RuleEvent.RuleChanged;
import io.bulwark.events.RuleEvent.RuleRemoved;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class PolicyResourceTest {
    private static final String THREE_A_MINUTE = "{'limits':[{'name':'burst','limit':3,'window':'PT1M','burst':3}]}";

    @Inject
    Policies policies;

    @Inject
    Limits limits;

    private LimitedApplication shop;

    @BeforeEach
    void register() {
        shop = LimitedApplication.register();
    }

    @Test
    void aChangeIsInForceAtOnceAnnouncedAndAudited() {
        try (var rules = EventProbe.on(Topic.DECISION_RULES);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var first =
                    shop.put("login", THREE_A_MINUTE).statusCode(201).extract().header("ETag");
            shop.inForce("login");
            var second = shop.put("login", THREE_A_MINUTE.replace("3", "30"))
                    .statusCode(200)
                    .extract()
                    .header("ETag");
            await().atMost(SOON).until(() -> "\"burst\";q=30;w=60".equals(shop.field("login")));
            shop.as("operator")
                    .header("If-Match", first)
                    .delete("/api/v1/policies/login")
                    .then()
                    .statusCode(412);
            shop.as("operator")
                    .header("If-Match", second)
                    .delete("/api/v1/policies/login")
                    .then()
                    .statusCode(204);
            await().atMost(SOON).until(() -> shop.field("login") == null);
            shop.as("auditor").get("/api/v1/policies/login").then().statusCode(404);

            var changes = rules.awaitCount(
                    RuleChanged.class, event -> event.application().equals(shop.application()), 2);
            var removed =
                    rules.await(RuleRemoved.class, event -> event.application().equals(shop.application()));
            assertThat(removed.data().version())
                    .isGreaterThan(changes.get(1).data().version());
            assertThat(changes.get(1).data().version())
                    .isGreaterThan(changes.get(0).data().version());
            assertThat(removed.data().key()).isEqualTo("policy " + shop.application() + " login");
            trail.awaitCount(
                    ActionRecorded.class,
                    entry -> entry.action().equals("policy.change") && "login".equals(entry.target()),
                    2);
        }
    }

    @Test
    void oneThatIsMadeAnewHasNoVersionOfTheFormer() {
        var former = shop.put("login", THREE_A_MINUTE).statusCode(201).extract().header("ETag");
        shop.as("operator").delete("/api/v1/policies/login").then().statusCode(204);
        shop.put("login", THREE_A_MINUTE).statusCode(201);

        shop.as("operator")
                .header("If-Match", former)
                .body(LimitedApplication.json(THREE_A_MINUTE))
                .put("/api/v1/policies/login")
                .then()
                .statusCode(412);
    }

    @Test
    void whatALimitInShadowWouldRefuseIsSeenInMetrics() {
        shop.put("login", THREE_A_MINUTE.replace("}]", ",'shadow':true},{'name':'loose','limit':100,'window':'PT1M'}]"))
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        for (var i = 0; i < 5; i++) {
            shop.ask("/check/login", client).statusCode(200);
        }

        assertThat(given().get("/q/metrics").asString())
                .contains("ratelimit_endpoint_requests_total{application=\"" + shop.application()
                        + "\",endpoint=\"login\",limit=\"burst\",result=\"shadowed\"} 2.0");
    }

    @Test
    void whatAnotherReplicaChangesHoldsHere() throws SQLException {
        shop.put("login", THREE_A_MINUTE).statusCode(201);
        shop.inForce("login");
        try (var connection = TestDatabase.asSuperuser();
                var change = connection.createStatement();
                var replica = EventSender.as("ratelimit-service")) {
            change.executeUpdate("delete from ratelimit.policy where application = '" + shop.application() + "'");
            replica.send(
                    new RuleRemoved("policy", shop.application(), "login", "ann", Instant.now(), 1_000_000),
                    shop.application(),
                    Instant.now());
        }

        await().atMost(SOON).until(() -> shop.field("login") == null);
    }

    @Test
    void untilPoliciesAreReadEveryEndpointMayBeOneThatIsClosed() {
        shop.put("login", THREE_A_MINUTE.replace("]}", "],'failMode':'open'}")).statusCode(201);
        var table = new PolicyTable(policies, limits, new LimitTallies(new SimpleMeterRegistry()), limits::reset);
        assertThat(table.failMode(shop.application(), "login")).isEqualTo(FailMode.CLOSED);

        QuarkusTransaction.requiringNew().run(table::reload);

        assertThat(table.failMode(shop.application(), "login")).isEqualTo(FailMode.OPEN);
        assertThat(table.failMode(shop.application(), "other")).isNull();
    }

    @Test
    void policiesAreListedByApplicationAndEndpoint() {
        shop.put("b", THREE_A_MINUTE).statusCode(201);
        shop.put("a", THREE_A_MINUTE).statusCode(201);
        shop.put("*", THREE_A_MINUTE).statusCode(201);

        var first = shop.as("auditor").get("/api/v1/policies?limit=2").then();
        first.statusCode(200).body("items.endpoint", contains("*", "a"));
        shop.as("auditor")
                .get("/api/v1/policies?limit=2&cursor=" + first.extract().path("nextCursor"))
                .then()
                .body("items.endpoint", contains("b"))
                .body("nextCursor", nullValue());
        shop.as("auditor")
                .get("/api/v1/policies?limit=500")
                .then()
                .body("items.application", hasItems(shop.application()));
        shop.as("responder")
                .get("/api/v1/policies/*")
                .then()
                .statusCode(200)
                .body("limits[0].name", equalTo("burst"))
                .body("limits[0].window", equalTo("PT1M"));
    }

    @Test
    void moreExactLimitsThanThereIsRoomForAreRefused() {
        var exact = "{'name':'%d','limit':5,'window':'PT15M','algorithm':'sliding-log'}";
        shop.put("login", "{'limits':[" + exact.formatted(1) + "]}").statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        for (var i = 0; i < 5; i++) {
            shop.ask("/check/login", client).statusCode(200);
        }
        shop.ask("/check/login", client).statusCode(429);

        var many = String.join(
                ",",
                List.of(
                        exact.formatted(1),
                        exact.formatted(2),
                        exact.formatted(3),
                        exact.formatted(4),
                        exact.formatted(5)));
        shop.put("many", "{'limits':[" + many + "]}")
                .statusCode(422)
                .body("errors[0].field", equalTo("limits.algorithm"));
        shop.as("operator").delete("/api/v1/policies/login").then().statusCode(204);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{}",
                "{'limits':[]}",
                "{'limits':[null]}",
                "{'limits':[{'name':'a b','limit':1,'window':'PT1S'}]}",
                "{'limits':[{'name':'a','limit':-1,'window':'PT1S'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'P1000D'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'PT1S','key':['cookie']}]}",
                "{'limits':[{'name':'a','limit':1,'window':'PT1S','algorithm':'fixed'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'soon'}]}",
                "{'limits':[{'name':'a','limit':1,'window':'P2D','burst':184}]}",
                "{'limits':[{'name':'a','limit':1,'window':'PT1S'}],'failMode':'maybe'}"
            })
    void rubbishIsRefused(String rule) {
        assertThat(shop.put("login", rule).extract().statusCode()).isIn(400, 422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "responder", "gateway", "service"})
    void onlyOperatorsAndAdministratorsChange(String role) {
        shop.as(role)
                .body(LimitedApplication.json(THREE_A_MINUTE))
                .put("/api/v1/policies/login")
                .then()
                .statusCode(403);
        shop.as(role).delete("/api/v1/policies/login").then().statusCode(403);
    }
}
