package io.bulwark.ratelimit.block;

import static io.bulwark.ratelimit.Api.SOON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Several who change the same block at once. */
@SuiteTest
class BlocksTest {
    @Test
    void anUnblockEndsWhatADetectionMadeOfTheBlockMeanwhile() throws Exception {
        var address = Api.freshAddress();
        var id = Api.block(address, "meanwhile", "PT2H");
        try (var detection = TestDatabase.asSuperuser();
                var change = detection.createStatement();
                var topic = EventProbe.on(Topic.IP_BLOCKED)) {
            change.executeUpdate("insert into ratelimit.offence (target, application, count, until) values ('" + address
                    + "', 'meanwhile', 1, now())");
            detection.setAutoCommit(false);
            change.executeUpdate("update ratelimit.offence set count = 2 where application = 'meanwhile'");
            change.executeUpdate("update ratelimit.block set version = version + 3600000000 where id = '" + id + "'");

            var unblock = CompletableFuture.runAsync(() -> Api.unblock(id));
            awaitWaiting();
            detection.commit();
            unblock.get(SOON.toSeconds(), SECONDS);

            var ended = topic.await(IpUnblocked.class, event -> event.target().equals(address));
            assertThat(ended.data().version())
                    .isGreaterThan(ChronoUnit.MICROS.between(Instant.EPOCH, Instant.now()) + 3_000_000_000L);
        }
    }

    private static void awaitWaiting() {
        await().atMost(SOON).until(() -> {
            try (var connection = TestDatabase.asSuperuser();
                    var query = connection.createStatement();
                    var found = query.executeQuery("select 1 from pg_stat_activity"
                            + " where wait_event_type = 'Lock' and query like 'delete from offence%'")) {
                return found.next();
            }
        });
    }
}
