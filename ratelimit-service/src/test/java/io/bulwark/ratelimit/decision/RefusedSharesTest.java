package io.bulwark.ratelimit.decision;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Limit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class RefusedSharesTest {
    private static final Limit THREE = new Limit(1, "three", 3, Duration.ofMinutes(1), 3, Algorithm.GCRA, false, false);

    private final RefusedShares<String> refused = new RefusedShares<>();

    @Test
    void whoIsRefusedMoreOftenThanTheLimitAdmitsIsOverIt() {
        for (var i = 0; i < 3; i++) {
            assertThat(refused.isOver("client", THREE, 1_000)).isFalse();
        }

        assertThat(refused.isOver("client", THREE, 60_999)).isTrue();
        assertThat(refused.isOver("another", THREE, 60_999)).isFalse();
    }

    @Test
    void eachWindowBeginsAnew() {
        for (var i = 0; i < 20; i++) {
            assertThat(refused.isOver("client", THREE, 20_000L * i)).isFalse();
        }
    }

    @Test
    void howeverManyThereAreThereIsRoomAgainWhenTheirWindowIsOver() {
        for (var i = 0; i < 100_000; i++) {
            refused.isOver("client " + i, THREE, 0);
        }
        for (var i = 0; i < 3; i++) {
            assertThat(refused.isOver("late", THREE, 0)).isFalse();
        }
        assertThat(refused.isOver("late", THREE, 0)).isFalse();

        for (var i = 0; i < 3; i++) {
            assertThat(refused.isOver("later", THREE, 60_000)).isFalse();
        }
        assertThat(refused.isOver("later", THREE, 60_000)).isTrue();
    }
}
