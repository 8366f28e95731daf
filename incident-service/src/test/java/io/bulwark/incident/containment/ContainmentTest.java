package io.bulwark.incident.containment;

import static io.bulwark.incident.Api.as;
import static io.bulwark.incident.Api.incident;
import static io.bulwark.incident.Api.open;
import static io.bulwark.incident.Api.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.bulwark.events.ResponseAction.BlockRequested;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import io.bulwark.events.ResponseOutcome;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.ResponseOutcome.ActionFailed;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
class ContainmentTest {
    private String incident;
    private String actions;

    @BeforeEach
    void openIncident() {
        incident = open("shop", "P1");
        actions = "/api/v1/incidents/" + incident + "/actions";
    }

    @Test
    void aBlockTravelsAsACommandAndItsOutcomeReturns() {
        try (var commands = EventProbe.on(Topic.RESPONSE_ACTIONS)) {
            String commandId = post(
                            actions,
                            Map.of(
                                    "type",
                                    "block",
                                    "target",
                                    "2001:DB8:0::/64",
                                    "duration",
                                    "PT2H",
                                    "reason",
                                    "guessing"))
                    .statusCode(202)
                    .body("state", equalTo("requested"))
                    .body("target", equalTo("2001:db8::/64"))
                    .extract()
                    .path("commandId");

            var command = commands.await(
                    BlockRequested.class, event -> event.commandId().equals(commandId));
            assertThat(command.application()).isEqualTo("shop");
            assertThat(command.data().incidentId()).isEqualTo(incident);
            assertThat(command.data().target()).isEqualTo("2001:db8::/64");
            assertThat(command.data().duration()).isEqualTo(Duration.ofHours(2));

            outcome("ratelimit-service", new ActionDone(commandId, incident, "Blocked until noon"));
            becomes(commandId, "done");
            assertThat(incident(incident).getList("timeline.kind"))
                    .containsExactly("opened", "action-requested", "action-done");
            assertThat(incident(incident).getString("timeline[2].author")).isEqualTo("ratelimit-service");
            assertThat(incident(incident).getString("timeline[2].text")).contains("Blocked until noon");
        }
    }

    @Test
    void endingSessionsThatFailsIsSaid() {
        try (var commands = EventProbe.on(Topic.RESPONSE_ACTIONS)) {
            var user = UUID.randomUUID().toString();
            String commandId = post(actions, Map.of("type", "end-sessions", "target", user, "reason", "stolen"))
                    .statusCode(202)
                    .extract()
                    .path("commandId");
            var command = commands.await(
                    SessionEndRequested.class, event -> event.commandId().equals(commandId));
            assertThat(command.data().target()).isEqualTo(user);

            outcome("auth-service", new ActionDone("no-uuid", incident, "of nobody"));
            outcome("auth-service", new ActionDone(UUID.randomUUID().toString(), incident, "of nobody"));
            outcome("auth-service", new ActionFailed(commandId, incident, "No such user"));

            becomes(commandId, "failed");
            assertThat(incident(incident).getString("timeline[2].text")).contains("No such user");
        }
    }

    @Test
    void anOrderThatIsSentAgainIsGivenOnce() {
        var order = Map.of("type", "block", "target", "203.0.113.7", "reason", "guessing");
        var key = UUID.randomUUID().toString();

        var ids = IntStream.range(0, 2)
                .mapToObj(i -> as("responder")
                        .header("Idempotency-Key", key)
                        .body(order)
                        .post(actions)
                        .then()
                        .statusCode(202)
                        .extract()
                        .<String>path("commandId"))
                .distinct();

        assertThat(ids).hasSize(1);
        as("auditor").get(actions).then().body("items", hasSize(1));
    }

    @Test
    void badTargetsAreRefusedAtOnce() {
        refused("block", "203.0.113.300", "target");
        refused("block", "203.0.113.7/24", "target");
        refused("block", "example.com", "target");
        refused("end-sessions", "anna@example.com", "target");
        refused("end-sessions", "1-1-1-1-1", "target");
        post(actions, Map.of("type", "block", "target", "203.0.113.7", "reason", "x", "duration", "PT0S"))
                .statusCode(422);
        post(actions, Map.of("type", "block", "target", "203.0.113.7", "reason", "x", "duration", "P999D"))
                .statusCode(422);
        post(actions, Map.of("type", "block", "target", "203.0.113.7", "reason", "x", "duration", "soon"))
                .statusCode(400);
        post(actions, Map.of("type", "format-disk", "target", "203.0.113.7", "reason", "x"))
                .statusCode(400);
        as("operator")
                .body(Map.of("type", "block", "target", "203.0.113.7", "reason", "x"))
                .post(actions)
                .then()
                .statusCode(403);

        as("auditor").get(actions).then().statusCode(200).body("items", hasSize(0));
    }

    @Test
    void nothingIsOrderedFromAClosedIncident() {
        var path = "/api/v1/incidents/" + incident;
        post(path + "/acknowledge").statusCode(200);
        post(path + "/resolve", Map.of("resolution", "over")).statusCode(200);
        post(path + "/close").statusCode(200);

        post(actions, Map.of("type", "block", "target", "203.0.113.7", "reason", "x"))
                .statusCode(409);
    }

    private void refused(String type, String target, String field) {
        post(actions, Map.of("type", type, "target", target, "reason", "x"))
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors[0].field", equalTo(field));
    }

    private static void outcome(String service, ResponseOutcome outcome) {
        try (var sender = EventSender.as(service)) {
            sender.send(outcome, "shop", Instant.now());
        }
    }

    private void becomes(String commandId, String state) {
        await().untilAsserted(() -> as("auditor")
                .get(actions)
                .then()
                .body("items.find { it.commandId == '" + commandId + "' }.state", equalTo(state)));
    }
}
