package io.bulwark.ratelimit.replica;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.limit.Usage;
import io.bulwark.ratelimit.replica.UsageBatch.UnreadableBatch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UsageBatchTest {
    private static final UsageBatch HEAD = new UsageBatch(-7, 3, 1_800_000_000_000_000_000L, 42, 41, 0, false);

    private final UsageWriter writer = new UsageWriter();
    private final List<String> told = new ArrayList<>();

    @Test
    void saysWhatWasWritten() throws Exception {
        writer.begin();
        writer.reset(5);
        writer.consumed(-1, 2);
        writer.standing(3, Long.MAX_VALUE);
        writer.logged(9, 100, 60, 4, new long[] {1, 2, 3, 99}, 3);

        var bytes = ByteBuffer.wrap(writer.finish(HEAD));

        assertThat(UsageBatch.head(bytes)).isEqualTo(HEAD);
        assertThat(UsageBatch.tell(bytes, recorder())).isEqualTo(4);
        assertThat(told)
                .containsExactly(
                        "reset 5", "consumed -1 2", "standing 3 " + Long.MAX_VALUE, "logged 9 100 60 4 [1, 2, 3]");
    }

    @Test
    void aLimitThatAdmitsNothingHasNothingUnreadable() throws Exception {
        var before = new Limit(9, "login", 5, Duration.ofMinutes(1), 5, Algorithm.SLIDING_LOG, false, true);
        var never = new Limit(9, "login", 0, Duration.ofHours(1), 0, Algorithm.SLIDING_LOG, false, true);
        var limits = new Limits(1 << 14, 1, 2, () -> 1_800_000_000_000_000_000L);
        assertThat(ask(limits, before)).isTrue();
        limits.usage().tellChanges(writer);
        limits.keepLogs(List.of(never));
        assertThat(ask(limits, never)).isFalse();
        writer.begin();
        limits.usage().tellChanges(writer);

        var bytes = ByteBuffer.wrap(writer.finish(HEAD));

        UsageBatch.head(bytes);
        assertThat(UsageBatch.tell(bytes, recorder())).isZero();
    }

    @Test
    void isFullBeforeThereIsNoRoom() throws Exception {
        writer.begin();
        while (!writer.isFull()) {
            for (var i = 0; i < 64; i++) {
                writer.logged(9, 100, 60, 4, new long[100], 100);
            }
        }
        var whole = writer.finish(HEAD);

        assertThat(writer.isFull()).isTrue();
        assertThat(whole.length).isLessThanOrEqualTo(UsageWriter.MOST);
        var bytes = ByteBuffer.wrap(whole);
        UsageBatch.head(bytes);
        assertThat(UsageBatch.tell(bytes, recorder())).isEqualTo(writer.entries());
    }

    @Test
    void rubbishIsRefused() {
        var random = new Random(1);
        for (var i = 0; i < 10_000; i++) {
            var rubbish = new byte[random.nextInt(100)];
            random.nextBytes(rubbish);
            if (rubbish.length > 0) {
                rubbish[0] = (byte) (i % 3);
            }
            var bytes = ByteBuffer.wrap(rubbish);
            try {
                UsageBatch.head(bytes);
                UsageBatch.tell(bytes, recorder());
            } catch (UnreadableBatch e) {
                assertThat(e).hasMessageStartingWith("It").hasNoCause();
            }
        }
        assertThatThrownBy(() -> UsageBatch.head(ByteBuffer.wrap(new byte[] {2, 0})))
                .isInstanceOf(UnreadableBatch.class);
    }

    private static boolean ask(Limits limits, Limit limit) {
        var claims = new Claims();
        claims.add(limit, 4, 1);
        return limits.consume(claims);
    }

    private Usage recorder() {
        return new Usage() {
            @Override
            public void consumed(long key, long charge) {
                told.add("consumed " + key + " " + charge);
            }

            @Override
            public void standing(long key, long arrival) {
                told.add("standing " + key + " " + arrival);
            }

            @Override
            public void reset(long key) {
                told.add("reset " + key);
            }

            @Override
            public void logged(long limit, int quota, long window, long key, long[] times, int count) {
                told.add("logged %d %d %d %d %s"
                        .formatted(limit, quota, window, key, Arrays.toString(Arrays.copyOf(times, count))));
            }

            @Override
            public boolean isFull() {
                return false;
            }

            @Override
            public boolean isHalfFull() {
                return false;
            }
        };
    }
}
