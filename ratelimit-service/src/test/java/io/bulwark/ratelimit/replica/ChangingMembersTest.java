package io.bulwark.ratelimit.replica;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.LongStream;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Over the real broker: of a small limit, no more is admitted while replicas come and go. Whenever they do there are keys of
 * which a part is used and untold, since there is a new one every few milliseconds that all ask for.
 */
class ChangingMembersTest {
    private static final Logger LOG = Logger.getLogger(ChangingMembersTest.class);
    private static final Limit SLOW = limit(300, Algorithm.GCRA);
    private static final Limit EXACT = limit(60, Algorithm.SLIDING_LOG);
    private static final int MOST_KEYS = 1 << 13;
    private static final int NEWEST = 50;

    private final AtomicLongArray admitted = new AtomicLongArray(MOST_KEYS);
    private final List<Replica> replicas = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    private volatile Limit asked = SLOW;
    private volatile long begin;
    private volatile boolean stopping;

    @AfterEach
    void close() throws InterruptedException {
        stopAsking();
        replicas.forEach(Replica::close);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void noneIsExceeded(Algorithm algorithm) throws Exception {
        asked = algorithm == Algorithm.GCRA ? SLOW : EXACT;
        var topic = Replica.freshTopic();
        for (var i = 0; i < 5; i++) {
            var replica = Replica.started(topic);
            replicas.add(replica);
            begin = i == 0 ? System.nanoTime() : begin;
            threads.add(Thread.ofPlatform().start(() -> askForTheNewest(replica)));
            if (i == 2) {
                replicas.getFirst().close(); // is asked all the same, as one is whose gateway is late
            }
        }
        var living = replicas.subList(1, replicas.size());
        await().atMost(SOON)
                .until(() -> living.stream().allMatch(replica -> replica.exchange.replicas() == living.size()));
        var keys = keys();
        stopAsking();
        replicas.forEach(replica -> useUp(replica, keys));

        var sums = LongStream.range(0, keys).map(key -> admitted.get((int) key)).summaryStatistics();
        LOG.infof("%s of %d, up to 4 replicas that come and go: %s admitted", algorithm, asked.quota(), sums);
        assertThat(sums.getMax()).isLessThanOrEqualTo(asked.quota());
        assertThat(sums.getAverage()).isGreaterThan(0.95 * asked.quota());
    }

    private void askForTheNewest(Replica replica) {
        while (!stopping) {
            var keys = keys();
            for (var key = Math.max(0, keys - NEWEST); key < keys; key++) {
                ask(replica, key);
            }
            LockSupport.parkNanos(1); // or Kafka's threads would wait for a core
        }
    }

    private void stopAsking() throws InterruptedException {
        stopping = true;
        for (var thread : threads) {
            thread.join();
        }
    }

    private void useUp(Replica replica, int keys) {
        for (var key = 0; key < keys; key++) {
            while (ask(replica, key)) {
                // there is more
            }
        }
    }

    private boolean ask(Replica replica, int key) {
        var isAdmitted = replica.ask(asked, replica.limits.key(asked, 0, key), 1);
        if (isAdmitted) {
            admitted.incrementAndGet(key);
        }
        return isAdmitted;
    }

    /** One more every five milliseconds. */
    private int keys() {
        return (int) Math.min(
                MOST_KEYS, 1 + Duration.ofNanos(System.nanoTime() - begin).toMillis() / 5);
    }

    private static Limit limit(long quota, Algorithm algorithm) {
        return new Limit(1, "limit", quota, Duration.ofDays(300), quota, algorithm, false, false);
    }
}
