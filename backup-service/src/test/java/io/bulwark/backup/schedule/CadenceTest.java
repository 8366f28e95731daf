package io.bulwark.backup.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class CadenceTest {
    private static final Instant LAST = Instant.parse("2026-03-01T06:00:00Z");
    private final Cadence everySixHours = new Cadence(Duration.ofHours(6), Duration.ofMinutes(30));

    @Test
    void isDueOnceItsTimeIsOver() {
        assertThat(everySixHours.isDue(
                        LAST, false, LAST.plus(Duration.ofHours(6)).minusMillis(1)))
                .isFalse();
        assertThat(everySixHours.isDue(LAST, false, LAST.plus(Duration.ofHours(6))))
                .isTrue();
    }

    @Test
    void isDueSoonerAfterAFailure() {
        assertThat(everySixHours.isDue(LAST, true, LAST.plus(Duration.ofMinutes(29))))
                .isFalse();
        assertThat(everySixHours.isDue(LAST, true, LAST.plus(Duration.ofMinutes(30))))
                .isTrue();
    }

    @Test
    void aFailureNeverMakesItLater() {
        var everyTenMinutes = new Cadence(Duration.ofMinutes(10), Duration.ofMinutes(30));

        assertThat(everyTenMinutes.isDue(LAST, true, LAST.plus(Duration.ofMinutes(10))))
                .isTrue();
    }
}
