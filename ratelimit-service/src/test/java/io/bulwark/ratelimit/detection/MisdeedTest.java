package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.Envelope;
import io.bulwark.ratelimit.detection.Misdeed.Kind;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MisdeedTest {
    private static final Instant NOW = Instant.parse("2026-01-31T12:00:00Z");

    @Test
    void whatIsStillOnTheTopicCountsAndWhatIsToComeHappensNow() {
        var old = NOW.minus(Duration.ofDays(29));

        assertThat(misdeed(old)).map(Misdeed::at).contains(old);
        assertThat(misdeed(NOW.plusSeconds(60))).map(Misdeed::at).contains(NOW);
    }

    /** Postgres refuses the year before the first, where a window may begin. */
    @ParameterizedTest
    @ValueSource(strings = {"0001-01-01T00:00:00Z", "1970-01-01T00:00:00Z", "2025-12-31T00:00:00Z"})
    void whatIsLongOverDoesNot(Instant at) {
        assertThat(misdeed(at)).isEmpty();
    }

    private static Optional<Misdeed> misdeed(Instant at) {
        var envelope = new Envelope("1", "/shop", "type", null, at, "shop", null);
        return Misdeed.of(new Report(Kind.LOGIN_FAILED, "203.0.113.7", 1, "jo", null, envelope), NOW);
    }
}
