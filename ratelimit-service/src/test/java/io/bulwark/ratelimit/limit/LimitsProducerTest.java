package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LimitsProducerTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");

    @ParameterizedTest
    @ValueSource(strings = {"-PT24H", "PT24H"})
    void aStepOfTheWallClockMovesNoLimit(Duration step) {
        var wall = new AtomicReference<>(START);
        var nanos = LimitsProducer.nanos(wall::get);
        var before = nanos.getAsLong();

        wall.set(START.plus(step));

        assertThat(Duration.ofNanos(nanos.getAsLong() - before)).isBetween(Duration.ZERO, Duration.ofHours(1));
        assertThat(Duration.ofNanos(before).minusSeconds(START.getEpochSecond()))
                .isBetween(Duration.ZERO, Duration.ofHours(1));
    }
}
