package io.bulwark.ratelimit.replica;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Over the real broker: counts survive a kill, and replicas agree. */
class UsageExchangeTest {
    private static final Duration A_SECOND = Duration.ofSeconds(1);
    private static final List<Limit> OF_EACH_ALGORITHM =
            Stream.of(Algorithm.values()).map(algorithm -> limit(50, algorithm)).toList();

    /** So many that one batch has room for all: a kill between two of them would lose what it may. */
    private static final int KEYS = 500;

    private String topic = "";

    @BeforeEach
    void makeTopic() throws Exception {
        topic = Replica.freshTopic();
    }

    @Test
    void countsSurviveKillsInARowButForTheLastSecond() {
        var killed = Replica.started(topic);
        askEach(killed, 20);
        killed.awaitTold();
        for (var limit : OF_EACH_ALGORITHM) {
            killed.ask(limit, killed.limits.key(limit, 0, 0), 30); // within the last second: may be lost
        }
        killed.exchange.kill();

        var killedToo = Replica.started(topic, Replica.Settings.IMPATIENT);
        assertLeftOfEach(killedToo, 30);
        for (var limit : OF_EACH_ALGORITHM) {
            assertThat(killedToo.left(limit, killedToo.limits.key(limit, 0, 0))).isIn(20L, 50L);
        }
        askEach(killedToo, 5);
        killedToo.awaitTold();
        killedToo.exchange.kill();

        try (var last = Replica.started(topic, Replica.Settings.IMPATIENT)) {
            assertLeftOfEach(last, 25);
        }
    }

    @Test
    void oneAloneTellsFiveTimesASecondAtMost() {
        var limit = limit(1_000_000, Algorithm.GCRA);
        try (var alone = Replica.started(topic)) {
            var begin = System.nanoTime();
            var before = alone.exchange.teller().batches();
            await().atMost(SOON).pollInterval(Duration.ofMillis(1)).until(() -> {
                alone.ask(limit, 7, 1);
                return System.nanoTime() - begin > A_SECOND.multipliedBy(2).toNanos()
                        && alone.exchange.teller().batches() - before >= 2;
            });

            var told = alone.exchange.teller().batches() - before;
            var fifths = (System.nanoTime() - begin) / A_SECOND.dividedBy(5).toNanos();
            // one that began before, one each second in any case
            assertThat(told).isBetween(2L, 2 + fifths + fifths / 5);
        }
    }

    @Test
    void whoStartsReadsNoMoreThanTwoRounds() {
        var limit = limit(50, Algorithm.GCRA);
        var settings =
                new Replica.Settings(Duration.ofMillis(10), Replica.SHORT_ROUND, Replica.Settings.USUAL.patience());
        long read;
        try (var first = Replica.started(topic, settings)) {
            for (var i = 1; i <= 5; i++) {
                first.ask(limit, 7, 4);
                var batches = first.exchange.teller().batches();
                await().atMost(SOON).until(() -> first.exchange.teller().batches() > batches);
            }
            await().pollDelay(settings.round().multipliedBy(3))
                    .atMost(SOON)
                    .until(() -> Replica.beganAt(topic, settings) > 5);
            read = first.exchange.read();
        }

        try (var second = Replica.started(topic, settings)) {
            assertThat(second.left(limit, 7)).isEqualTo(30);
            assertThat(second.exchange.beganAt()).isGreaterThan(5).isLessThanOrEqualTo(read);
        }
    }

    @Test
    void countsAreToldOnTheWayOut() {
        var limit = limit(50, Algorithm.GCRA);
        try (var leaving = Replica.started(topic);
                var staying = Replica.started(topic)) {
            await().atMost(SOON).until(() -> staying.exchange.replicas() == 2);
            leaving.ask(limit, 7, 20);
            leaving.close();

            await().atMost(SOON).until(() -> staying.left(limit, 7) == 30);
            assertThat(staying.exchange.replicas()).isEqualTo(1);
        }
    }

    @Test
    void replicasAgreeOnWhatIsLeftOfALargeLimit() {
        var limit = limit(5_000, Algorithm.GCRA);
        try (var one = Replica.started(topic);
                var two = Replica.started(topic);
                var three = Replica.started(topic)) {
            one.ask(limit, 7, 10);
            two.ask(limit, 7, 10);
            three.ask(limit, 7, 10);
            await().atMost(SOON)
                    .until(() -> one.left(limit, 7) == 4_970
                            && two.left(limit, 7) == 4_970
                            && three.left(limit, 7) == 4_970);

            two.limits.reset(limit, 7);
            await().atMost(SOON).until(() -> one.left(limit, 7) == 5_000 && three.left(limit, 7) == 5_000);
            assertThat(one.exchange.replicas()).isEqualTo(3);
        }
    }

    @Test
    void rubbishOnTheTopicIsPassedOver() throws Exception {
        var limit = limit(5_000, Algorithm.GCRA);
        try (var one = Replica.started(topic)) {
            Replica.send(topic, new byte[] {1, 2, 3});
            Replica.send(topic, null);
            try (var two = Replica.started(topic)) {
                two.ask(limit, 7, 10);
                await().atMost(SOON).until(() -> one.left(limit, 7) == 4_990);
            }
        }
    }

    @Test
    void whoTellsWhatNobodyCanReadIsAMemberAllTheSame() throws Exception {
        try (var one = Replica.started(topic)) {
            var batch = ByteBuffer.allocate(UsageBatch.HEAD + 1);
            new UsageBatch(2, 1, Replica.now(), 0, 0, 0, false).write(batch);
            Replica.send(topic, batch.put(Byte.MAX_VALUE).array());

            await().atMost(SOON).until(() -> one.exchange.replicas() == 2);
        }
    }

    private static void askEach(Replica replica, long cost) {
        for (var limit : OF_EACH_ALGORITHM) {
            for (var key = 1; key <= KEYS; key++) {
                assertThat(replica.ask(limit, replica.limits.key(limit, 0, key), cost))
                        .isTrue();
            }
        }
    }

    private static void assertLeftOfEach(Replica replica, long left) {
        for (var limit : OF_EACH_ALGORITHM) {
            for (var key = 1; key <= KEYS; key++) {
                assertThat(replica.left(limit, replica.limits.key(limit, 0, key)))
                        .as("%s", limit.algorithm())
                        .isEqualTo(left);
            }
        }
    }

    /** So slow that none comes back during the test. */
    private static Limit limit(long quota, Algorithm algorithm) {
        return new Limit(algorithm.ordinal(), "limit", quota, Duration.ofHours(10), quota, algorithm, false, false);
    }
}
