package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.episode.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CountPolicyTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long WINDOW = 900;

    private final CountPolicy policy =
            new CountPolicy("login", "failed-logins", 5, Duration.ofSeconds(WINDOW), Duration.ofDays(1), false);

    @Test
    void oneLessThanTheLimitDecidesNothing() {
        assertThat(decide(0, 1, 2, 3)).isEmpty();
        assertThat(decide()).isEmpty();
    }

    @Test
    void theFailureThatReachesTheLimitDecides() {
        assertThat(decide(0, 100, 200, 300, 400)).contains(decided(400, 400));
    }

    @Test
    void failuresAFullWindowApartDoNotCountTogether() {
        assertThat(decide(0, 1, 2, 3, WINDOW)).isEmpty();
        assertThat(decide(0, 1, 2, 3, WINDOW - 1)).contains(decided(WINDOW - 1, WINDOW - 1));
    }

    @Test
    void failuresAtOneInstantCountEach() {
        assertThat(decide(7, 7, 7, 7, 7)).contains(decided(7, 7));
    }

    @Test
    void theFirstAndTheLastDecisionAreTold() {
        assertThat(decide(0, 1, 2, 3, 4, 5, 6)).contains(decided(4, 6));
    }

    @Test
    void anAttackBeforeAQuietTimeStillDecides() {
        assertThat(decide(0, 1, 2, 3, 4, 5_000, 9_000)).contains(decided(4, 4));
    }

    @Test
    void whatWasSpanBeforeIsNotSpanAgain() {
        assertThat(policy.decide(at(0, 1, 2, 3, 4, 5, 6), START.plusSeconds(6))).contains(decided(6, 6));
        assertThat(policy.decide(at(0, 1, 2, 3, 4, 5_000), START.plusSeconds(5)))
                .isEmpty();
    }

    @Test
    void asManyOlderFailuresAreNeededAsCouldDecideWithTheFreshOnes() {
        assertThat(policy.suffices(at(0, 1, 2, 3, 4, 10), START.plusSeconds(10)))
                .isTrue();
        assertThat(policy.suffices(at(1, 2, 3, 4, 10, 11), START.plusSeconds(10)))
                .isFalse();
        assertThat(policy.suffices(at(3, 4, 10), START.plusSeconds(10))).isFalse();
    }

    private Optional<Span> decide(long... seconds) {
        return policy.decide(at(seconds), Instant.MIN);
    }

    private static Span decided(long first, long last) {
        return new Span(START.plusSeconds(first), START.plusSeconds(last));
    }

    private static List<Instant> at(long... seconds) {
        return LongStream.of(seconds)
                .mapToObj(START::plusSeconds)
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
