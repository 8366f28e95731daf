package io.bulwark.ratelimit.block;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.restassured.http.ContentType;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
class BlockResourceTest {
    @Inject
    BlockExpiry expiry;

    @Test
    void aBlockIsAnnouncedAndRecordedOnceHoweverOftenItIsAskedFor() {
        var address = Api.freshAddress();
        var order = order(address);
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var location = Api.as("responder")
                    .body(order)
                    .post("/api/v1/blocks")
                    .then()
                    .statusCode(201)
                    .header("Location", containsString("/api/v1/blocks/"))
                    .body("target", equalTo(address))
                    .body("application", equalTo("default"))
                    .body("active", equalTo(true))
                    .extract()
                    .header("Location");
            Api.as("responder")
                    .body(order)
                    .post("/api/v1/blocks")
                    .then()
                    .statusCode(200)
                    .header("Location", equalTo(location));

            var announced =
                    blocks.await(IpBlocked.class, event -> event.target().equals(address));
            assertThat(announced.data().policy()).isNull();
            assertThat(announced.application()).isEqualTo("default");
            assertThat(blocks.seenAfter(
                            Duration.ofMillis(500),
                            IpBlocked.class,
                            event -> event.target().equals(address)))
                    .hasSize(1);
            var recorded = trail.await(ActionRecorded.class, event -> address.equals(event.target()));
            assertThat(recorded.data().action()).isEqualTo("block.create");
            assertThat(recorded.data().actorName()).isEqualTo("tester@example.com");
        }
    }

    @Test
    void anIdempotencyKeyAnswersAsBefore() {
        var order = order(Api.freshAddress());
        var key = UUID.randomUUID().toString();

        for (var i = 0; i < 2; i++) {
            Api.as("responder")
                    .header("Idempotency-Key", key)
                    .body(order)
                    .post("/api/v1/blocks")
                    .then()
                    .statusCode(201)
                    .header("Location", containsString("/api/v1/blocks/"))
                    .body("target", equalTo(order.get("target")));
        }
    }

    @Test
    void aNewBlockLengthensAndNeverShortens() {
        var address = Api.freshAddress();
        var id = Api.block(address, "default", "PT2H");
        var until = until(id);

        Api.as("admin")
                .body(order(address, "PT1H"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(200)
                .body("until", equalTo(until));
        Api.as("admin")
                .body(order(address, "PT3H"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(200)
                .body("id", equalTo(id))
                .body("until", not(equalTo(until)));
    }

    @Test
    void anUnblockEndsItAndItCanBeginAnew() {
        var address = Api.freshAddress();
        var id = Api.block(address, "shop", "PT2H");
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            Api.as("responder")
                    .delete("/api/v1/blocks/" + id + "?reason=mistake")
                    .then()
                    .statusCode(204);
            Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);

            var ended = blocks.await(IpUnblocked.class, event -> event.target().equals(address));
            assertThat(ended.data().reason()).isEqualTo("mistake");
            assertThat(ended.application()).isEqualTo("shop");

            assertThat(Api.block(address, "shop", "PT1H")).isEqualTo(id);

            var begun = blocks.await(IpBlocked.class, event -> event.target().equals(address));
            assertThat(begun.data().version()).isGreaterThan(ended.data().version());
            assertThat(blocks.seenAfter(
                            Duration.ofMillis(300),
                            IpUnblocked.class,
                            event -> event.target().equals(address)))
                    .hasSize(1);
        }
    }

    /** An address is somebody's: neither the database nor the topic keeps it for good. */
    @Test
    void aBlockThatEndedAWeekAgoIsErasedEverywhere() throws SQLException {
        var address = Api.freshAddress();
        var old = Api.block(address, "default", "PT1H");
        Api.unblock(old);
        var recent = Api.block(Api.freshAddress(), "default", "PT1H");
        Api.unblock(recent);
        try (var connection = TestDatabase.asSuperuser();
                var change = connection.createStatement();
                var topic = EventProbe.on(Topic.IP_BLOCKED)) {
            change.executeUpdate(
                    "update ratelimit.block set ended_at = now() - interval '170 hours' where id = '" + old + "'");

            expiry.prune();

            topic.awaitRecord(gone -> gone.value() == null && gone.key().equals(address + " default"));
        }
        Api.as("auditor").get("/api/v1/blocks/" + old).then().statusCode(404);
        Api.as("auditor").get("/api/v1/blocks/" + recent).then().statusCode(200);
    }

    @Test
    void aBlockThatHasRunItsTimeIsToldOfOnce() {
        var address = Api.freshAddress();
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            var id = Api.block(address, "default", "PT1S");

            var ended = blocks.await(IpUnblocked.class, event -> event.target().equals(address));
            assertThat(ended.data().reason()).isEqualTo("expired");
            assertThat(ended.data().author()).isEqualTo("ratelimit-service");
            assertThat(ended.data().unblockedAt()).isEqualTo(Instant.parse(until(id)));
            Api.as("auditor").get("/api/v1/blocks/" + id).then().body("active", equalTo(false));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.1", "::1", "0.0.0.0/0", "128.0.0.0/4", "2000::/8"})
    void dangerousTargetsNeedForce(String target) {
        var order = new HashMap<String, Object>(order(target, "PT1S"));
        order.put("application", "forced");
        Api.as("admin")
                .body(order)
                .post("/api/v1/blocks")
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("type", equalTo("https://bulwark.io/problems/dangerous-target"))
                .body("errors[0].field", equalTo("target"));
        order.put("force", true);
        Api.as("admin").body(order).post("/api/v1/blocks").then().statusCode(201);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "422|{'target':'1.2.3','reason':'x','duration':'PT1H'}",
                "422|{'target':'203.0.113.999','reason':'x','duration':'PT1H'}",
                "422|{'target':'010.0.0.1','reason':'x','duration':'PT1H'}",
                "422|{'target':'203.0.113.7/24','reason':'x','duration':'PT1H'}",
                "422|{'target':'localhost','reason':'x','duration':'PT1H'}",
                "422|{'target':'','reason':'x','duration':'PT1H'}",
                "422|{'reason':'x','duration':'PT1H'}",
                "422|{'target':'203.0.113.7','duration':'PT1H'}",
                "422|{'target':'203.0.113.7','reason':' ','duration':'PT1H'}",
                "422|{'target':'203.0.113.7','reason':'a\\nb','duration':'PT1H'}",
                "422|{'target':'203.0.113.7','reason':'x'}",
                "422|{'target':'203.0.113.7','reason':'x','duration':'PT0S'}",
                "422|{'target':'203.0.113.7','reason':'x','duration':'-PT1H'}",
                "422|{'target':'203.0.113.7','reason':'x','duration':'P20000D'}",
                "422|{'target':'203.0.113.7','reason':'x','duration':'PT1H','endpoint':'a b'}",
                "422|{'target':'203.0.113.7','reason':'x','duration':'PT1H','application':'a b'}",
                "400|{'target':'203.0.113.7','reason':'x','duration':'tomorrow'}",
                "400|{'target':['203.0.113.7'],'reason':'x','duration':'PT1H'}",
                "400|{'target':'203.0.113.7','reason':'x','duration':'PT1H','colour':'red'}",
                "400|{'target':",
                "400|[]",
                "400|null",
                "400|''"
            })
    void badInputIsNamedAndChangesNothing(int status, String body) {
        Api.as("responder")
                .body(body.replace('\'', '"'))
                .post("/api/v1/blocks")
                .then()
                .statusCode(status)
                .contentType("application/problem+json")
                .body("type", startsWith("https://bulwark.io/problems/"));
    }

    @Test
    void anOverlongReasonIsRefused() {
        Api.as("responder")
                .body(Map.of("target", "203.0.113.7", "reason", "x".repeat(900_000), "duration", "PT1H"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(422);
    }

    @Test
    void whatIsNotThereIsNotFound() {
        Api.as("auditor").get("/api/v1/blocks/" + UUID.randomUUID()).then().statusCode(404);
        Api.as("auditor").get("/api/v1/blocks/rubbish").then().statusCode(404);
        Api.as("responder").delete("/api/v1/blocks/" + UUID.randomUUID()).then().statusCode(404);
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "operator", "gateway", "service"})
    void onlyRespondersAndAdministratorsBlock(String role) {
        Api.as(role).body(order("203.0.113.200")).post("/api/v1/blocks").then().statusCode(403);
    }

    @Test
    void nobodyBlocksWithoutAToken() {
        given().contentType(ContentType.JSON)
                .body(order("203.0.113.200"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(401)
                .contentType("application/problem+json");
    }

    @Test
    void aBlockIsInForceInMemoryWithinAMoment() {
        var key = Api.gatewayKey("moment");
        var address = Api.freshAddress();
        Api.block(address, "moment", "PT1H");

        await().atMost(SOON)
                .pollInterval(10, MILLISECONDS)
                .untilAsserted(() -> assertThat(Api.check(key, "any", address)).isEqualTo(403));
    }

    private static Map<String, Object> order(String target) {
        return order(target, "PT1H");
    }

    private static Map<String, Object> order(String target, String duration) {
        return Map.of("target", target, "reason", "test", "duration", duration);
    }

    private static String until(String id) {
        return Api.as("auditor").get("/api/v1/blocks/" + id).then().extract().path("until");
    }
}
