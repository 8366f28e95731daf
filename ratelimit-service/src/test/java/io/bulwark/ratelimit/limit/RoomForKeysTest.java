package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.Random;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What there is room for, and whom it goes to where there are more keys than that. */
class RoomForKeysTest {
    private static final long START = 1_800_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong(START);
    private final Limits limits = new Limits(1 << 16, 1, 2, now::get);
    private final Claims claims = new Claims();

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void neitherForgetsAnActiveKeyNorShutsOutNewOnesInAFloodOfKeys(Algorithm algorithm) {
        var limit = limit("api", 2, Duration.ofHours(1), algorithm);
        var random = new Random(2);
        ask(limit, 99, 2);

        var admitted = 0;
        for (var i = 0; i < 500_000; i++) {
            admitted += ask(limit, random.nextLong() | 1, 1) ? 1 : 0;
        }

        assertThat(ask(limit, 99, 1)).isFalse();
        assertThat(limits.overflowed()).isPositive();
        assertThat(admitted).isGreaterThan(300_000);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void servesWhoIsNewAfterAFloodOfMillions(Algorithm algorithm) {
        var limit = limit("api", 2, Duration.ofHours(1), algorithm);
        var random = new Random(4);
        for (var i = 0; i < 5_000_000; i++) {
            ask(limit, random.nextLong() | 1, 1);
        }

        var served = 0;
        for (var i = 0; i < 10_000; i++) {
            served += ask(limit, random.nextLong() | 1, 1) ? 1 : 0;
        }

        assertThat(served).isGreaterThan(9_900);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whoIsCountedWithOthersIsStillLimited(Algorithm algorithm) {
        var limit = limit("login", 5, Duration.ofHours(1), algorithm);
        var random = new Random(6);
        for (var i = 0; i < 200_000; i++) {
            ask(limit, random.nextLong() | 1, 5);
        }
        var before = limits.overflowed();

        var admitted = 0;
        for (var i = 0; i < 1_000; i++) {
            admitted += ask(limit, 99, 1) ? 1 : 0;
        }

        assertThat(limits.overflowed()).isEqualTo(before + 1_000);
        assertThat(admitted).isBetween(1, 16 * 5);
    }

    @Test
    void aLimitOfADayLeavesThoseOfASecondTheirRoomInAFloodOfKeys() {
        var crowded = new Limits(1 << 14, 1, 2, now::get);
        var fast = limit("fast", 10, Duration.ofSeconds(1), Algorithm.GCRA);
        var slow = limit("slow", 10, Duration.ofDays(1), Algorithm.GCRA);
        var random = new Random(5);

        var admitted = 0;
        for (var i = 0; i < 100_000; i++) {
            now.addAndGet(SECOND / 10_000);
            claims.clear();
            claims.add(fast, random.nextLong() | 1, 1);
            claims.add(slow, random.nextLong() | 1, 1);
            admitted += crowded.consume(claims) ? 1 : 0;
        }

        assertThat(crowded.overflowed()).isPositive();
        assertThat(admitted).isGreaterThan(99_000);
    }

    @Test
    void hasRoomForAsManyKeysAsItWasMadeFor() {
        var limit = limit("api", 1, Duration.ofHours(1), Algorithm.GCRA);
        var keys = 500_000;
        var roomy = new Limits(keys, 1, 2, now::get);

        var admitted = 0;
        for (var i = 0; i < keys; i++) {
            claims.clear();
            claims.add(limit, roomy.key(limit, 0, i), 1);
            admitted += roomy.consume(claims) ? 1 : 0;
        }

        assertThat(admitted).isEqualTo(keys);
        assertThat(roomy.tracked()).isGreaterThan(keys - keys / 1_000);
        assertThat(roomy.overflowed()).isLessThan(keys / 1_000);
    }

    @Test
    void givesTheRoomOfIdleKeysToNewOnes() {
        var limit = limit("api", 60, MINUTE, Algorithm.GCRA);
        var random = new Random(3);
        var admitted = 0;
        for (var i = 0; i < 1_000_000; i++) {
            now.addAndGet(SECOND / 20_000); // 20,000 keys are active at a time, of room for 65,536
            admitted += ask(limit, random.nextLong() | 1, 1) ? 1 : 0;
        }
        assertThat(admitted).isEqualTo(1_000_000);
        assertThat(limits.overflowed()).isZero();
        assertThat(limits.tracked()).isBetween(15_000, 25_000);
    }

    private boolean ask(Limit limit, long key, long cost) {
        claims.clear();
        claims.add(limit, key, cost);
        return limits.consume(claims);
    }

    private static Limit limit(String name, long quota, Duration window, Algorithm algorithm) {
        return new Limit(Limit.idOf(name), name, quota, window, quota, algorithm, false, false);
    }
}
