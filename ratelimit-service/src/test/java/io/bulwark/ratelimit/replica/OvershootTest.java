package io.bulwark.ratelimit.replica;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.jboss.logging.Logger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** How much more three replicas admit than one would, where three times the limit is offered. */
class OvershootTest {
    private static final Logger LOG = Logger.getLogger(OvershootTest.class);
    private static final int REPLICAS = 3;
    private static final long PER_MINUTE = 60_000;
    private static final long OFFERED_NANOS = 1_000_000; // a thousand a second at each: threefold in all
    private static final long KEY = 7;

    /** The window itself takes half of it until the burst is used up: run by hand, for the figure. */
    @Test
    @EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
    void isAtMostOnePercentOfSixtyThousandAMinute() throws Exception {
        var limit = new Limit(1, "api", PER_MINUTE, Duration.ofMinutes(1), PER_MINUTE, Algorithm.GCRA, false, false);

        var most = overshoot(limit, Duration.ofSeconds(60));

        assertThat(most).isLessThanOrEqualTo(PER_MINUTE / 100);
    }

    @Test
    void isNoneOfASmallLimit() throws Exception {
        var limit = new Limit(1, "api", 900, Duration.ofSeconds(6), 900, Algorithm.GCRA, false, false);

        assertThat(overshoot(limit, Duration.ofSeconds(6))).isLessThanOrEqualTo(0);
    }

    /** The most that was ever admitted above what one replica would have. */
    private static long overshoot(Limit limit, Duration time) throws Exception {
        var topic = Replica.freshTopic();
        var replicas = new ArrayList<Replica>();
        for (var i = 0; i < REPLICAS; i++) {
            replicas.add(Replica.started(topic));
        }
        await().atMost(SOON)
                .until(() -> replicas.stream().allMatch(replica -> replica.exchange.replicas() == REPLICAS));
        try {
            return measured(replicas, limit, time);
        } finally {
            replicas.forEach(Replica::close);
        }
    }

    private static long measured(List<Replica> replicas, Limit limit, Duration time) throws Exception {
        var admitted = new AtomicLong();
        var offered = new AtomicLong();
        var begin = Replica.now();
        var end = begin + time.toNanos();
        var threads = new ArrayList<Thread>();
        for (var replica : replicas) {
            threads.add(Thread.ofPlatform().start(() -> {
                for (var next = begin; next < end; next += OFFERED_NANOS) {
                    LockSupport.parkNanos(next - Replica.now());
                    offered.incrementAndGet();
                    admitted.addAndGet(replica.ask(limit, KEY, 1) ? 1 : 0);
                }
            }));
        }
        var most = Long.MIN_VALUE;
        while (threads.stream().anyMatch(Thread::isAlive)) {
            var before = Replica.now();
            var sum = admitted.get();
            var after = Replica.now();
            if (after - before < OFFERED_NANOS) {
                most = Math.max(most, sum - allowed(limit, after - begin));
            }
            LockSupport.parkNanos(OFFERED_NANOS);
        }
        for (var thread : threads) {
            thread.join();
        }
        LOG.infof(
                "%d replicas, %d a window, burst %d, offered %d in %d s: admitted %d, at most %d (%.2f %% of the quota) more than"
                        + " one replica would have, %d at the end",
                REPLICAS,
                limit.quota(),
                limit.burst(),
                offered.get(),
                time.toSeconds(),
                admitted.get(),
                most,
                100.0 * most / limit.quota(),
                admitted.get() - allowed(limit, Replica.now() - begin));
        return most;
    }

    private static long allowed(Limit limit, long nanos) {
        return limit.burst() + nanos / (limit.windowNanos() / limit.quota());
    }
}
