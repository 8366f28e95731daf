package io.bulwark.incident.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import org.junit.jupiter.api.Test;

class TimeBoundsTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final TimeBounds bounds = new TimeBounds(metrics, InstantSource.fixed(NOW));

    @Test
    void holdAMonthAndTheErrorOfAClock() {
        assertThat(bounds.hold(NOW.minus(Duration.ofDays(30)))).isTrue();
        assertThat(bounds.hold(NOW.plus(Duration.ofHours(1)))).isTrue();
        assertThat(refused()).isZero();
    }

    @Test
    void refuseTheRestAndCountIt() {
        assertThat(bounds.hold(NOW.minus(Duration.ofDays(30)).minusMillis(1))).isFalse();
        assertThat(bounds.hold(NOW.plus(Duration.ofHours(1)).plusMillis(1))).isFalse();
        assertThat(refused()).isEqualTo(2);
    }

    private double refused() {
        return metrics.get("incidents.observations.refused").counter().count();
    }
}
