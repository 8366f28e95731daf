package io.bulwark.ratelimit.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Limits;
import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** At one of two replicas, each of which has half of a limit. */
class RefusedSharesTest {
    private final AtomicLong millis = new AtomicLong(1_800_000_000_000L);
    private final Limits limits = new Limits(1 << 18, 1, 2, () -> TimeUnit.MILLISECONDS.toNanos(millis.get()));
    private final Claims claims = new Claims();
    private final RefusedShares refused = new RefusedShares();

    @BeforeEach
    void divide() {
        limits.usage().split(2, 0, 0, new TreeMap<>());
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whoIsRefusedMoreOftenThanTheLimitAdmitsIsOverIt(Algorithm algorithm) {
        var four = four(algorithm);
        for (var i = 0; i < 4; i++) {
            assertThat(isOver(four, 7)).isFalse();
        }

        assertThat(isOver(four, 7)).isTrue();
        assertThat(isOver(four, 8)).isFalse();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void manyBehindOneAddressAreNotTakenForOne(Algorithm algorithm) {
        var byAddressAndCredential = four(algorithm);

        for (var user = 1; user <= 20; user++) {
            assertThat(isOver(byAddressAndCredential, user)).isFalse();
        }
    }

    @Test
    void eachWindowBeginsAnew() {
        var four = four(Algorithm.SLIDING_LOG);
        for (var i = 0; i < 20; i++) {
            assertThat(isOver(four, 7)).isFalse();
            millis.addAndGet(20_000);
        }
    }

    @Test
    void howeverManyThereAreThereIsRoomAgainWhenTheirWindowIsOver() {
        var four = four(Algorithm.GCRA);
        for (var user = 1; user <= 10_000; user++) {
            isOver(four, limits.key(four, 0, user));
        }
        for (var i = 0; i < 5; i++) {
            assertThat(isOver(four, 7)).isFalse();
        }

        millis.addAndGet(60_000);
        for (var i = 0; i < 4; i++) {
            assertThat(isOver(four, 7)).isFalse();
        }
        assertThat(isOver(four, 7)).isTrue();
    }

    /** Asks for more than this replica's share, which leaves all of it to what is refused next. */
    private boolean isOver(Limit limit, long key) {
        claims.clear();
        claims.add(limit, key, 3);
        assertThat(limits.consume(claims)).isFalse();
        return refused.over(claims, any -> true, millis.get()) != null;
    }

    private static Limit four(Algorithm algorithm) {
        return new Limit(1, "four", 4, Duration.ofMinutes(1), 4, algorithm, false, false);
    }
}
