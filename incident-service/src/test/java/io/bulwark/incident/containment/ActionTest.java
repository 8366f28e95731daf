package io.bulwark.incident.containment;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.incident.containment.Action.Order;
import io.bulwark.incident.containment.Action.State;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class ActionTest {
    private static final Instant NOW = Instant.parse("2026-03-01T10:00:00Z");

    @Test
    void itsFirstOutcomeCounts() {
        var order = new Order("203.0.113.7", "guessing");
        var action = Action.block(UUID.randomUUID(), order, Duration.ofHours(1), "anna", NOW);

        assertThat(action.finish(State.DONE, "Blocked", NOW.plusSeconds(1))).isTrue();
        assertThat(action.finish(State.FAILED, "said twice", NOW.plusSeconds(2)))
                .isFalse();

        assertThat(action.state()).isEqualTo(State.DONE);
        assertThat(action.outcome()).isEqualTo("Blocked");
        assertThat(action.finishedAt()).isEqualTo(NOW.plusSeconds(1));
    }
}
