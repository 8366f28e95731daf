package io.bulwark.incident.incident;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.events.IncidentEvent.Severity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class IncidentTest {
    private static final Instant DETECTED = Instant.parse("2026-03-01T10:00:00Z");
    private static final Instant OPENED = DETECTED.plusSeconds(2);
    private static final Duration WITHIN = Duration.ofMinutes(5);

    @Test
    void itsClockStartsWhenItIsOpened() {
        var incident = opened();

        assertThat(incident.status()).isEqualTo(Status.OPEN);
        assertThat(incident.detectedAt()).isEqualTo(DETECTED);
        assertThat(incident.acknowledgeBy()).isEqualTo(OPENED.plus(WITHIN));
        assertThat(incident.inTime()).isNull();
    }

    @Test
    void acknowledgingAtTheLastMomentIsInTime() {
        var incident = opened();

        var event = incident.acknowledge("anna", incident.acknowledgeBy());

        assertThat(event.inTime()).isTrue();
        assertThat(incident.inTime()).isTrue();
        assertThat(incident.breach(OPENED.plus(Duration.ofDays(1)))).isEmpty();
    }

    @Test
    void acknowledgingTooLateKeepsTheBreach() {
        var incident = opened();
        var late = incident.acknowledgeBy().plusMillis(1);

        assertThat(incident.breach(late)).isPresent();
        var event = incident.acknowledge("anna", late);

        assertThat(event.inTime()).isFalse();
        assertThat(incident.inTime()).isFalse();
        assertThat(incident.breachedAt()).isEqualTo(late);
    }

    @Test
    void aBreachIsToldOnce() {
        var incident = opened();
        var late = incident.acknowledgeBy().plusSeconds(1);

        assertThat(incident.breach(incident.acknowledgeBy())).isEmpty();
        assertThat(incident.breach(late)).hasValueSatisfying(breach -> {
            assertThat(breach.clock()).isEqualTo("acknowledge");
            assertThat(breach.dueAt()).isEqualTo(incident.acknowledgeBy());
        });
        assertThat(incident.breach(late.plusSeconds(1))).isEmpty();
    }

    @Test
    void goesOneStepAtATimeAndNeverBack() {
        var incident = opened();

        refuses(() -> incident.resolve("anna", "patched", OPENED));
        refuses(() -> incident.close("anna", OPENED));
        incident.acknowledge("anna", OPENED);
        refuses(() -> incident.acknowledge("bert", OPENED));
        refuses(() -> incident.close("anna", OPENED));
        incident.resolve("anna", "patched", OPENED);
        refuses(() -> incident.acknowledge("bert", OPENED));
        incident.close("anna", OPENED);
        refuses(() -> incident.resolve("anna", "again", OPENED));
        refuses(() -> incident.close("anna", OPENED));

        assertThat(incident.acknowledgedBy()).isEqualTo("anna");
        assertThat(incident.resolution()).isEqualTo("patched");
        assertThat(incident.status()).isEqualTo(Status.CLOSED);
    }

    private static void refuses(Runnable transition) {
        assertThatThrownBy(transition::run).isInstanceOf(IllegalTransition.class);
    }

    private static Incident opened() {
        var opening = new Opening(
                "shop",
                "Failed logins",
                Severity.P0,
                "failed-logins",
                "episode",
                DETECTED,
                "11 failed",
                "incident-service");
        return new Incident(opening, 1, OPENED, WITHIN);
    }
}
