package io.bulwark.ratelimit.block;

import static io.bulwark.ratelimit.Api.SOON;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.Topic;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** Several who change the same block at once. */
@SuiteTest
class BlocksTest {
    private static final Duration HOUR = Duration.ofHours(1);

    @Inject
    Blocks blocks;

    @Inject
    BlockBatch batch;

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

    @Test
    void aDetectionThatCouldNotKnowOfAnUnblockDoesNotUndoIt() {
        var target = Network.parse(Api.freshAddress());
        var detected = new NewBlock(
                        target, Scope.everything("undone"), "test", "test", Blocks.SERVICE, Instant.now(), HOUR)
                .escalating();
        var block = place(detected);
        assertThat(block.change()).isEqualTo(Blocks.Change.BEGUN);
        Api.unblock(block.block().id().toString());

        assertThat(place(detected).change()).isEqualTo(Blocks.Change.NONE);
        assertThat(isBlocked(target, "undone")).isFalse();

        var later = new NewBlock(
                        target, Scope.everything("undone"), "test", "test", Blocks.SERVICE, Instant.now(), HOUR)
                .escalating();
        assertThat(place(later).change()).isEqualTo(Blocks.Change.BEGUN);
    }

    private Blocks.Placed place(NewBlock order) {
        return QuarkusTransaction.requiringNew().call(() -> blocks.place(order));
    }

    private boolean isBlocked(Network target, String application) {
        return QuarkusTransaction.requiringNew().call(() -> blocks.isBlocked(target, Scope.everything(application)));
    }

    /** Postgres sorts what it inserts, and not stably: some of these begin by their second order. */
    @Test
    void whatIsOrderedTwiceAtOnceIsAnnouncedInTheOrderOfItsVersions() {
        var orders = new ArrayList<NewBlock>();
        for (var duration : List.of(HOUR.multipliedBy(2), HOUR)) {
            for (var i = 0; i < 250; i++) {
                orders.add(new NewBlock(
                        Network.parse("203.0.113." + i * 37 % 250),
                        Scope.everything("twice"),
                        "test",
                        null,
                        "ann",
                        Instant.now(),
                        duration));
            }
        }
        try (var topic = EventProbe.on(Topic.IP_BLOCKED)) {
            QuarkusTransaction.requiringNew().run(() -> batch.place(orders));

            topic.awaitCount(IpBlocked.class, event -> event.application().equals("twice"), 250);
            var newest = new HashMap<String, Long>();
            for (var event : topic.seenAfter(
                    Duration.ofMillis(500),
                    IpBlocked.class,
                    event -> event.application().equals("twice"))) {
                var before = newest.put(event.data().target(), event.data().version());
                assertThat(before == null || before < event.data().version())
                        .as(event.data().target())
                        .isTrue();
            }
        }
    }
}
