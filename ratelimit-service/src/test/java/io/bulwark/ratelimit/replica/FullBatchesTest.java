package io.bulwark.ratelimit.replica;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Limits;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Where more logs change than a batch has room for. */
class FullBatchesTest {
    private static final UsageBatch HEAD = new UsageBatch(1, 1, 1, 0, 0, 0, false);
    private static final Limit RATE =
            new Limit(1, "rate", 1_000, Duration.ofHours(10), 1_000, Algorithm.GCRA, false, false);
    private static final Duration A_MOMENT = Duration.ofMillis(1);
    private static final int MORE_THAN_A_BATCH = 400;

    @Test
    void whatIsCountedByArrivalTimesIsToldBesideThem() throws Exception {
        var now = new AtomicLong(1_800_000_000_000_000_000L);
        var here = new Limits(1 << 14, 1, 2, now::get);
        var there = new Limits(1 << 14, 1, 2, now::get);
        var writer = new UsageWriter();
        ask(here, RATE, 7, 10);
        for (var batch = 0; batch < 3; batch++) {
            now.addAndGet(2 * A_MOMENT.toNanos());
            askEach(here, log(2, A_MOMENT), MORE_THAN_A_BATCH);
            writer.begin();
            here.usage().tellChanges(writer);
            var bytes = ByteBuffer.wrap(writer.finish(HEAD));
            UsageBatch.head(bytes);
            UsageBatch.tell(bytes, there.usage().hearing());
        }

        assertThat(ask(there, RATE, 7, 991)).isFalse();
        assertThat(ask(there, RATE, 7, 990)).isTrue();
    }

    @Test
    void aBatchThatHadNoRoomForAllOfThemSaysSo() {
        var limits = new Limits(1 << 14, 1, 2, new AtomicLong(1_800_000_000_000_000_000L)::get);
        var writer = new UsageWriter();
        askEach(limits, log(2, Duration.ofHours(10)), MORE_THAN_A_BATCH);

        for (var hasRoom : List.of(false, false, true)) {
            writer.begin();
            assertThat(limits.usage().tellChanges(writer)).isEqualTo(hasRoom);
        }
    }

    @Test
    void theRoundGoesOnBesideThem() throws Exception {
        var topic = Replica.freshTopic();
        var settings = new Replica.Settings(
                Replica.Settings.USUAL.interval(), Replica.SHORT_ROUND, Replica.Settings.USUAL.patience());
        try (var one = Replica.started(topic, settings);
                var asking = Executors.newSingleThreadScheduledExecutor()) {
            var busy = asking.scheduleAtFixedRate(
                    () -> askEach(one.limits, log(2, A_MOMENT), MORE_THAN_A_BATCH), 0, 20, TimeUnit.MILLISECONDS);
            await().pollDelay(settings.round().multipliedBy(3))
                    .atMost(SOON)
                    .until(() -> Replica.beganAt(topic, settings) > 0);
            busy.cancel(false);
        }
    }

    @Test
    void oneAloneSendsTheRestWithoutWaiting() throws Exception {
        var limits = 4;
        var keys = 10_000;
        var settings =
                new Replica.Settings(Duration.ofMillis(10), Duration.ofMinutes(10), Replica.Settings.USUAL.patience());
        try (var alone = Replica.started(Replica.freshTopic(), settings)) {
            for (var id = 2; id < 2 + limits; id++) {
                askEach(alone.limits, log(id, Duration.ofHours(10)), keys);
            }

            // at 220 logs a batch and with pauses of 200 ms, as where there is little to tell, it would take longer
            await().atMost(SOON).until(() -> alone.exchange.entries() >= limits * keys);
        }
    }

    private static void askEach(Limits limits, Limit limit, int keys) {
        for (var i = 1; i <= keys; i++) {
            ask(limits, limit, limits.key(limit, 0, i), limit.quota());
        }
    }

    private static boolean ask(Limits limits, Limit limit, long key, long cost) {
        var claims = new Claims();
        claims.add(limit, key, cost);
        return limits.consume(claims);
    }

    private static Limit log(long id, Duration window) {
        return new Limit(id, "log", 100, window, 100, Algorithm.SLIDING_LOG, false, false);
    }
}
