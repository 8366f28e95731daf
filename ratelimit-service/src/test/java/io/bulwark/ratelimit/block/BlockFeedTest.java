package io.bulwark.ratelimit.block;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.Topic;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.topic.TopicNames;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import io.smallrye.common.annotation.Identifier;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.eclipse.microprofile.health.HealthCheckResponse.Status;
import org.junit.jupiter.api.Test;

/** What another replica announces holds here, newest version first. */
@SuiteTest
class BlockFeedTest {
    private static final Instant NOW = Instant.now();

    @Inject
    AgroalDataSource dataSource;

    @Inject
    TopicNames names;

    @Inject
    @Identifier("default-kafka-broker")
    Map<String, Object> kafka;

    @Test
    void whatAnotherReplicaBlocksIsRefusedHere() {
        var key = Api.gatewayKey("replicas");
        var address = Api.freshAddress();
        try (var replica = EventSender.as("ratelimit-service")) {
            replica.send(blocked(address, "replicas", 10), "replicas", NOW);
            await().atMost(SOON).until(() -> Api.check(key, "any", address) == 403);

            replica.send(unblocked(address, "replicas", 12), "replicas", NOW);
            await().atMost(SOON).until(() -> Api.check(key, "any", address) == 200);

            replica.send(blocked(address, "replicas", 11), "replicas", NOW);
            var marker = Api.freshAddress();
            replica.send(blocked(marker, "replicas", 1), "replicas", NOW);
            await().atMost(SOON).until(() -> Api.check(key, "any", marker) == 403);
            assertThat(Api.check(key, "any", address)).isEqualTo(200);
        }
    }

    @Test
    void aReplicaIsNotReadyBeforeItKnowsTheBlocks() {
        var feed = new BlockFeed(
                new BlockTable(),
                List.of(),
                dataSource,
                InstantSource.system(),
                kafka,
                names,
                new SimpleMeterRegistry());
        var ready = new BlocksReady(feed);
        assertThat(ready.call().getStatus()).isEqualTo(Status.DOWN);

        feed.start(new StartupEvent());

        await().atMost(SOON).until(() -> ready.call().getStatus() == Status.UP);
        feed.stop(new ShutdownEvent());
    }

    @Test
    void whatEndedWhileTheTopicCouldNotBeFollowedIsReadWhenItStartsOver() throws SQLException {
        var address = Api.freshAddress();
        var id = Api.block(address, "unfollowed", "PT2H");
        var table = new BlockTable();
        var told = new ArrayList<KnownBlock>();
        var clock = new AtomicReference<>(NOW.minusSeconds(3_600));
        var feed = new BlockFeed(
                table, List.of(remembering(told)), dataSource, clock::get, kafka, names, new SimpleMeterRegistry());
        feed.load();
        assertThat(blockedUntil(table, address)).isNotEqualTo(BlockTable.NOT_BLOCKED);
        try (var connection = dataSource.getConnection();
                var change = connection.createStatement()) {
            change.executeUpdate("update block set ended_at = now() - interval '30 minutes', version = version + 1"
                    + " where id = '" + id + "'");
        }
        told.clear();

        clock.set(NOW);
        feed.load();

        assertThat(blockedUntil(table, address)).isEqualTo(BlockTable.NOT_BLOCKED);
        assertThat(told)
                .anyMatch(block -> block.target().toString().equals(address)
                        && block.until().isBefore(NOW));
    }

    @Test
    void whatNobodyCanTellOfIsReadFromPostgres() {
        var table = new BlockTable();
        var metrics = new SimpleMeterRegistry();
        var away = new HashMap<>(kafka);
        away.put("bootstrap.servers", "localhost:1");
        var feed = new BlockFeed(table, List.of(), dataSource, InstantSource.system(), away, names, metrics);
        var address = Api.freshAddress();
        Api.block(address, "unfollowed", "PT2H");

        feed.readUntold();
        assertThat(blockedUntil(table, address)).isEqualTo(BlockTable.NOT_BLOCKED);

        await().atMost(SOON).untilAsserted(() -> {
            feed.readUntold();
            assertThat(blockedUntil(table, address)).isNotEqualTo(BlockTable.NOT_BLOCKED);
        });
        assertThat(metrics.get("ratelimit.feed.silence")
                        .tag("feed", "blocks")
                        .gauge()
                        .value())
                .isGreaterThan(10);
    }

    private static long blockedUntil(BlockTable table, String address) {
        return table.blockedUntil(Network.parse(address), "unfollowed", null, NOW.toEpochMilli());
    }

    private static BlockWatcher remembering(List<KnownBlock> told) {
        return new BlockWatcher() {
            @Override
            public void loaded(KnownBlock block) {
                told.add(block);
            }

            @Override
            public void changed(KnownBlock block) {}

            @Override
            public int held() {
                return told.size();
            }
        };
    }

    @Test
    void rubbishAndTombstonesAreSurvived() {
        var key = Api.gatewayKey("rubbish");
        var address = Api.freshAddress();
        try (var replica = EventSender.as("ratelimit-service")) {
            var topic = Topic.IP_BLOCKED.topicName();
            replica.sendRaw(topic, "k", Map.of(), new byte[] {1, 2, 3});
            replica.sendRaw(topic, "k", Map.of(), null);
            replica.send(blocked("not an address", "rubbish", 1), "rubbish", NOW);
            replica.send(blocked(address, "rubbish", 1), "rubbish", NOW);

            await().atMost(SOON).until(() -> Api.check(key, "any", address) == 403);
        }
    }

    private static IpBlocked blocked(String address, String application, long version) {
        return new IpBlocked(
                address, application, null, "test", null, "ann", null, null, NOW, NOW.plusSeconds(3_600), version);
    }

    private static IpUnblocked unblocked(String address, String application, long version) {
        return new IpUnblocked(address, application, null, "test", "ann", NOW, version);
    }
}
