package io.bulwark.auth.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.auth.session.Session.Presented;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class RefreshFamilyTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration IDLE = Duration.ofMinutes(30);

    private final Session session =
            new Session(UUID.randomUUID(), null, "shop", "203.0.113.7", START, Duration.ofHours(12));

    @Test
    void aTokenIsGoodOnce() {
        var token = token();

        assertThat(session.present(token, IDLE, at(10))).isEqualTo(Presented.ACCEPTED);
        assertThat(session.present(token, IDLE, at(11))).isEqualTo(Presented.REUSED);
    }

    @Test
    void useKeepsTheSessionAliveAndIdlenessEndsIt() {
        assertThat(session.present(token(), IDLE, at(29))).isEqualTo(Presented.ACCEPTED);
        assertThat(session.present(token(), IDLE, at(58))).isEqualTo(Presented.ACCEPTED);
        assertThat(session.present(token(), IDLE, at(88))).isEqualTo(Presented.DEAD);
    }

    @Test
    void noUseOutlivesTheAbsoluteEnd() {
        for (var minute = 20; minute < 720; minute += 20) {
            assertThat(session.present(token(), IDLE, at(minute))).isEqualTo(Presented.ACCEPTED);
        }

        assertThat(session.present(token(), IDLE, at(720))).isEqualTo(Presented.DEAD);
    }

    @Test
    void anEndedSessionTakesNoTokenAndEndsOnce() {
        assertThat(session.end("signed out", at(1))).isTrue();
        assertThat(session.end("signed out", at(2))).isFalse();
        assertThat(session.present(token(), IDLE, at(3))).isEqualTo(Presented.DEAD);
    }

    @Test
    void whatIsStoredIsNotTheToken() {
        var plain = RefreshToken.generate();

        assertThat(plain).hasSize(43).isNotEqualTo(RefreshToken.generate());
        assertThat(RefreshToken.hash(plain)).hasSize(64).doesNotContain(plain);
    }

    private RefreshToken token() {
        return new RefreshToken(RefreshToken.generate(), session.id(), START);
    }

    private static Instant at(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }
}
