package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SteadyClockTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration LOOK = Duration.ofMillis(101);

    private final AtomicReference<Instant> wall = new AtomicReference<>(START);
    private final AtomicLong monotonic = new AtomicLong(-7);
    private final SteadyClock clock = new SteadyClock(wall::get, monotonic::get);

    @Test
    void startsWithTheWallClockAndGoesAsTheMonotonicOneDoes() {
        assertThat(read()).isEqualTo(START);

        pass(Duration.ofNanos(5));

        assertThat(read()).isEqualTo(START.plusNanos(5));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-PT24H", "-PT2S", "PT1S"})
    void aStepBackAndADriftOfTheWallClockMoveNoLimit(Duration step) {
        wall.set(START.plus(step));
        pass(LOOK);

        assertThat(read()).isEqualTo(START.plus(LOOK));
    }

    @Test
    void catchesUpWithTheWallClockAfterTheMachineWasSuspended() {
        wall.set(START.plus(Duration.ofHours(8)));
        pass(LOOK);

        assertThat(read()).isEqualTo(START.plus(Duration.ofHours(8)));

        pass(Duration.ofSeconds(3)); // a wall clock that was corrected since does not take it back
        wall.set(START);
        pass(LOOK);

        assertThat(read())
                .isEqualTo(START.plus(Duration.ofHours(8)).plusSeconds(3).plus(LOOK));
    }

    private void pass(Duration time) {
        monotonic.addAndGet(time.toNanos());
    }

    private Instant read() {
        return Instant.EPOCH.plusNanos(clock.getAsLong());
    }
}
