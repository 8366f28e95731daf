package io.bulwark.ratelimit.response;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.ResponseAction.BlockRequested;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import io.bulwark.events.ResponseOutcome;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.ResponseOutcome.ActionFailed;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.block.CrowdedReplica;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Commands of incidents, and what came of them. */
@SuiteTest
class RequestedBlocksTest {
    @Inject
    CrowdedReplica crowd;

    private final Instant now = Instant.now().truncatedTo(ChronoUnit.MICROS);
    private final String command = UUID.randomUUID().toString();
    private EventSender incidents;
    private EventProbe outcomes;

    @BeforeEach
    void open() {
        incidents = EventSender.as("incident-service");
        outcomes = EventProbe.on(Topic.RESPONSE_OUTCOMES);
    }

    @AfterEach
    void close() {
        incidents.close();
        outcomes.close();
    }

    @Test
    void aRequestedBlockIsPlacedRecordedAndReportedOnceThoughAskedTwice() {
        var network = "198.51.100.0/24";
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var requested = requested(network, Duration.ofDays(1), now);
            var envelope = incidents.send(requested, "shop", now);
            incidents.send(envelope, requested);

            var block = blocks.await(IpBlocked.class, event -> event.target().equals(network));
            assertThat(block.data().author()).isEqualTo("ann");
            assertThat(block.data().application()).isEqualTo("shop");
            assertThat(block.data().until()).isEqualTo(now.plus(Duration.ofDays(1)));
            var done = outcomes.await(ActionDone.class, this::isOurs);
            assertThat(done.data().incidentId()).isEqualTo("incident-1");
            assertThat(done.data().detail()).contains(network);
            assertThat(done.application()).isEqualTo("shop");
            trail.await(
                    ActionRecorded.class,
                    entry -> network.equals(entry.target())
                            && entry.actorId().equals("ann")
                            && command.equals(entry.details().get("command")));
            assertThat(outcomes.seenAfter(Duration.ofMillis(500), ActionDone.class, this::isOurs))
                    .hasSize(1);
        }
    }

    @ParameterizedTest
    @CsvSource({
        "127.0.0.1, PT1H, loopback",
        "0.0.0.0/0, PT1H, wider",
        "example.com, PT1H, no IP address",
        "203.0.113.7, PT0S, cannot last",
        "203.0.113.7, P9999D, cannot last"
    })
    void whatCannotBeBlockedFailsWithItsReason(String target, Duration duration, String reason) {
        incidents.send(requested(target, duration, now), "shop", now);

        var failed = outcomes.await(ActionFailed.class, this::isOurs);

        assertThat(failed.data().reason()).contains(reason);
    }

    @Test
    void whatThereIsNoRoomForFailsWithItsReason() {
        crowd.fill();
        try {
            incidents.send(requested(Api.freshAddress(), Duration.ofHours(1), now), "shop", now);

            var failed = outcomes.await(ActionFailed.class, this::isOurs);

            assertThat(failed.data().reason()).contains("no room");
        } finally {
            crowd.empty();
        }
    }

    @Test
    void aCommandThatComesTooLateFails() {
        var past = now.minus(Duration.ofHours(2));
        incidents.send(requested(Api.freshAddress(), Duration.ofHours(1), past), "shop", past);

        var failed = outcomes.await(ActionFailed.class, this::isOurs);

        assertThat(failed.data().reason()).contains("over");
    }

    @Test
    void whatIsForOthersIsLeftToThem() {
        incidents.send(new SessionEndRequested(command, "incident-1", "some-user", "test", "ann", now), "shop", now);
        var marker = Api.freshAddress();
        var other = UUID.randomUUID().toString();
        incidents.send(
                new BlockRequested(other, "incident-1", marker, Duration.ofHours(1), "test", "ann", now), "shop", now);

        outcomes.await(ActionDone.class, event -> event.commandId().equals(other));
        assertThat(outcomes.seenAfter(Duration.ofMillis(300), ResponseOutcome.class, this::isOurs))
                .isEmpty();
    }

    private BlockRequested requested(String target, Duration duration, Instant at) {
        return new BlockRequested(command, "incident-1", target, duration, "attack", "ann", at);
    }

    private boolean isOurs(ResponseOutcome outcome) {
        return outcome.commandId().equals(command);
    }
}
