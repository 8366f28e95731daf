package io.bulwark.incident.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.rule.Rule;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class ForgettingTest {
    private static final Duration DAY = Duration.ofDays(1);

    @Test
    void isAsLateAsConfigured() {
        assertThat(Forgetting.remembered(DAY, List.of(rule(Duration.ofHours(1), true))))
                .isEqualTo(DAY);
        assertThat(Forgetting.remembered(DAY, List.of())).isEqualTo(DAY);
    }

    @Test
    void leavesARuleTheWindowsThatItCounts() {
        var rules = List.of(rule(Duration.ofHours(1), true), rule(Duration.ofDays(7), true));

        assertThat(Forgetting.remembered(DAY, rules)).isEqualTo(Duration.ofDays(42));
    }

    @Test
    void doesNotWaitForARuleThatIsOff() {
        assertThat(Forgetting.remembered(DAY, List.of(rule(Duration.ofDays(7), false))))
                .isEqualTo(DAY);
    }

    private static Rule rule(Duration window, boolean enabled) {
        return new Rule("r", "R", "", Severity.P1, 1, window, enabled);
    }
}
