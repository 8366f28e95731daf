package io.bulwark.ratelimit.anomaly;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.ratelimit.anomaly.SeasonalBaseline.Usual;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AnomalyPolicyTest {
    private static final Instant NOON = Instant.parse("2026-06-15T12:00:00Z");
    private static final Duration FIVE = Duration.ofMinutes(5);

    private final AnomalyPolicy policy = new AnomalyPolicy(6, 2.25, 50);

    @Test
    void whatVariesMuchMayVaryMore() {
        assertThat(policy.judge(299, new Usual(100, 0)).exceeds()).isTrue();
        assertThat(policy.judge(299, new Usual(100, 50)).exceeds()).isFalse();
        assertThat(policy.judge(500, new Usual(100, 50)).exceeds()).isTrue();
    }

    @Test
    void aManyfoldIsNeededHoweverRegularItWas() {
        assertThat(policy.judge(22_400, new Usual(10_000, 0)).exceeds()).isFalse();
        assertThat(policy.judge(22_600, new Usual(10_000, 0)).exceeds()).isTrue();
    }

    @Test
    void fewRequestsAreNobodysTrouble() {
        assertThat(policy.judge(50, new Usual(0, 0)).exceeds()).isFalse();
        assertThat(policy.judge(51, new Usual(0, 0)).exceeds()).isTrue();
    }

    @Test
    void theScoreIsInStandardDeviations() {
        var judgement = policy.judge(280, new Usual(100, Math.sqrt(800)));

        assertThat(judgement.score()).isCloseTo(6, within(1e-9));
        assertThat(judgement.threshold()).isCloseTo(280, within(1e-9));
    }

    @Test
    void aSummaryIsSpreadOverTheIntervalsThatItCovers() {
        assertThat(Intervals.spread(summary(NOON, Duration.ofMinutes(1), 60), FIVE))
                .isEqualTo(Map.of(NOON, 60.0));
        assertThat(Intervals.spread(summary(NOON.plusSeconds(240), Duration.ofMinutes(4), 80), FIVE))
                .isEqualTo(Map.of(NOON, 20.0, NOON.plus(FIVE), 60.0));
        assertThat(Intervals.spread(summary(NOON, Duration.ofHours(1), 120), FIVE))
                .hasSize(12)
                .containsEntry(NOON.plusSeconds(3_300), 10.0);
        assertThat(Intervals.isPossible(Duration.ZERO)).isFalse();
        assertThat(Intervals.isPossible(Duration.ofHours(2))).isFalse();
    }

    private static RequestSummary summary(Instant from, Duration window, long requests) {
        return new RequestSummary(
                "search", from, window, requests, 0, requests, 0, 0, 0, null, null, null, null, null, null);
    }
}
