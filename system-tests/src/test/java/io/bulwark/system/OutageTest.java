package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.AUDIT;
import static io.bulwark.localstack.SuiteService.RATELIMIT;
import static io.bulwark.system.Suite.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.CloudEvent;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.events.Topic;
import io.bulwark.localstack.SuiteService;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.util.Comparator;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Long proofs: {@code ./bulwark test --all}. */
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true", disabledReason = "a long proof: ./bulwark test --all")
class OutageTest {
    private static final int ATTACKERS = 10;
    private static final int FAILURES = 5;
    private static final int ROUNDS = 40;

    @Test
    void whatComesWhilePostgresIsAwayFor90SecondsIsDoneAfterwards() {
        var before = Suite.token("responder");
        try (var sender = EventSender.as("auth-service");
                var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            Suite.stack().postgres().kill();
            for (var i = 0; i < ATTACKERS * FAILURES; i++) {
                sender.send(
                        failure("198.51.100." + (100 + i % ATTACKERS)),
                        "outage",
                        Clock.systemUTC().instant());
            }
            to(RATELIMIT)
                    .header("Authorization", "Bearer " + before)
                    .body(Map.of("target", "198.51.100.99", "reason", "away", "duration", "PT1H"))
                    .post("/api/v1/blocks")
                    .then()
                    .statusCode(503)
                    .contentType("application/problem+json");
            awayFor(Duration.ofSeconds(90));
            Suite.stack().postgres().restart();

            var blocked = blocks.awaitCount(
                    IpBlocked.class, block -> block.application().equals("outage"), ATTACKERS);
            assertThat(blocked).extracting(event -> event.data().target()).doesNotHaveDuplicates();
        }
        Suite.eventually()
                .ignoreExceptions()
                .untilAsserted(() -> to(AUDIT, "auditor")
                        .get("/api/v1/entries?application=outage&topic=security-events&limit=500")
                        .then()
                        .body(
                                "items.count { it.type == 'io.bulwark.auth.login-failed.v1' }",
                                equalTo(ATTACKERS * FAILURES)));
        assertThat(SuiteService.values())
                .allMatch(service -> Suite.stack().service(service).alive());
    }

    @Test
    void aRelayThatLosesItsLockMidBatchDoesNotPutAnOlderStateAfterANewerOne() throws SQLException {
        var replica = Suite.stack().startReplica(RATELIMIT);
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            for (var round = 1; round <= ROUNDS; round++) {
                lengthen(Duration.ofHours(round));
                if (round % 4 == 0) {
                    endSessionsThatHoldTheRelaysLock();
                }
            }

            var states =
                    blocks.awaitCount(IpBlocked.class, block -> block.target().equals("198.51.100.77"), ROUNDS);
            var newest = states.stream().map(CloudEvent::data).max(Comparator.comparingLong(IpBlocked::version));
            assertThat(states.getLast().data()).isEqualTo(newest.orElseThrow());
        } finally {
            replica.close();
        }
    }

    private static void lengthen(Duration duration) {
        Suite.eventually()
                .ignoreExceptions()
                .until(() -> to(RATELIMIT, "responder")
                                .body(Map.of(
                                        "target", "198.51.100.77", "reason", "longer", "duration", duration.toString()))
                                .post("/api/v1/blocks")
                                .statusCode()
                        < 300);
    }

    private static void endSessionsThatHoldTheRelaysLock() throws SQLException {
        try (var connection = Suite.stack().postgres().access().connectAsSuperuser("bulwark");
                var statement = connection.createStatement()) {
            statement.execute("""
                    select pg_terminate_backend(holder.pid) from pg_locks holder join pg_stat_activity session using (pid)
                    where holder.locktype = 'advisory' and holder.granted and session.usename = 'ratelimit'""");
        }
    }

    private static LoginFailed failure(String address) {
        return new LoginFailed(address, "nobody@outage.example", null, Reason.UNKNOWN_ACCOUNT);
    }

    private static void awayFor(Duration duration) {
        Awaitility.await()
                .atMost(duration.plusSeconds(10))
                .pollDelay(duration)
                .until(() -> !Suite.stack().postgres().alive());
    }
}
