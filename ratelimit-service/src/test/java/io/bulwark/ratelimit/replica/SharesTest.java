package io.bulwark.ratelimit.replica;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Over the real broker: of small limits, replicas together never admit more than the limit while none comes or goes. */
class SharesTest {
    private static final int KEYS = 50;

    private String topic = "";

    @BeforeEach
    void makeTopic() throws Exception {
        topic = Replica.freshTopic();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void oneAloneHasTheWholeLimit(Algorithm algorithm) {
        var limit = limit(50, algorithm);
        try (var one = Replica.started(topic)) {
            assertThat(admitted(one, limit, 7)).isEqualTo(50);
        }
    }

    @Test
    void sharesSumUpToTheLimit() {
        var limits = List.of(
                limit(1, Algorithm.GCRA),
                limit(2, Algorithm.GCRA),
                limit(5, Algorithm.GCRA),
                limit(100, Algorithm.GCRA),
                limit(999, Algorithm.GCRA),
                limit(1, Algorithm.SLIDING_LOG),
                limit(5, Algorithm.SLIDING_LOG),
                limit(100, Algorithm.SLIDING_LOG));
        try (var one = Replica.started(topic);
                var two = Replica.started(topic);
                var three = Replica.started(topic)) {
            awaitMembers(3, one, two, three);
            var keys = 0;
            for (var limit : limits) {
                for (var i = 0; i < KEYS; i++) {
                    var key = one.limits.key(limit, 0, ++keys);
                    var shares =
                            List.of(admitted(one, limit, key), admitted(two, limit, key), admitted(three, limit, key));

                    assertThat(shares.stream().mapToLong(share -> share).sum())
                            .as("%s of %d", limit.algorithm(), limit.quota())
                            .isEqualTo(limit.quota());
                    assertThat(shares)
                            .as("%s of %d", limit.algorithm(), limit.quota())
                            .allMatch(share -> Math.abs(share - limit.quota() / 3.0) < 1);
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whatOneHasUsedIsNotSharedAgainWhenItLeaves(Algorithm algorithm) {
        var limit = limit(90, algorithm);
        try (var one = Replica.started(topic);
                var two = Replica.started(topic);
                var three = Replica.started(topic)) {
            awaitMembers(3, one, two, three);
            assertThat(admitted(three, limit, 7)).isEqualTo(30);
            three.close();
            awaitMembers(2, one, two);

            assertThat(admitted(one, limit, 7)).isEqualTo(30);
            assertThat(admitted(two, limit, 7)).isEqualTo(30);
            assertThat(admitted(one, limit, 8)).isEqualTo(45);
        }
    }

    @Test
    void whoHasLeftHasNoShareWhateverItHearsAfterwards() {
        var limit = limit(90, Algorithm.GCRA);
        try (var one = Replica.started(topic);
                var two = Replica.started(topic)) {
            awaitMembers(2, one, two);
            one.exchange.teller().close();
            awaitMembers(1, one, two);
            var read = one.exchange.read();
            await().atMost(SOON).until(() -> one.exchange.read() > read);

            assertThat(admitted(one, limit, 7)).isZero();
            assertThat(admitted(two, limit, 7)).isEqualTo(90);
        }
    }

    @Test
    void theShareOfOneThatWasKilledIsTakenOver() {
        var limits = Stream.of(Algorithm.values())
                .map(algorithm -> limit(90, algorithm))
                .toList();
        try (var one = Replica.started(topic, Replica.Settings.IMPATIENT);
                var two = Replica.started(topic)) {
            awaitMembers(2, one, two);
            for (var limit : limits) {
                assertThat(admitted(two, limit, two.limits.key(limit, 0, 7))).isEqualTo(45);
            }
            two.awaitTold();
            two.exchange.kill();
            awaitMembers(1, one);

            for (var limit : limits) {
                assertThat(admitted(one, limit, one.limits.key(limit, 0, 7)))
                        .as("%s", limit.algorithm())
                        .isEqualTo(45);
                assertThat(admitted(one, limit, one.limits.key(limit, 0, 8)))
                        .as("%s", limit.algorithm())
                        .isEqualTo(90);
            }
        }
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void aLimitThatIsGivenBackIsGivenBackByAll(Algorithm algorithm) {
        var limit = limit(90, algorithm);
        try (var one = Replica.started(topic);
                var two = Replica.started(topic)) {
            awaitMembers(2, one, two);
            assertThat(admitted(one, limit, 7)).isEqualTo(45);
            one.limits.reset(limit, 7);
            assertThat(admitted(one, limit, 7)).isEqualTo(45);

            assertThat(admitted(two, limit, 7)).isEqualTo(45);
            one.limits.reset(limit, 7);
            await().atMost(SOON).until(() -> two.left(limit, 7) == 45);
        }
    }

    private static void awaitMembers(int count, Replica... replicas) {
        await().atMost(SOON)
                .until(() -> List.of(replicas).stream().allMatch(replica -> replica.exchange.replicas() == count));
    }

    private static long admitted(Replica replica, Limit limit, long key) {
        var admitted = 0;
        for (var i = 0; i < limit.quota() + 10; i++) {
            admitted += replica.ask(limit, key, 1) ? 1 : 0;
        }
        return admitted;
    }

    /** So slow that none comes back during the test. */
    private static Limit limit(long quota, Algorithm algorithm) {
        return new Limit(
                Limit.idOf(algorithm + " of " + quota),
                "limit",
                quota,
                Duration.ofDays(300),
                quota,
                algorithm,
                false,
                false);
    }
}
