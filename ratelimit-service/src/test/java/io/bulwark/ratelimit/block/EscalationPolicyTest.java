package io.bulwark.ratelimit.block;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

class EscalationPolicyTest {
    private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");
    private static final Duration DAY = Duration.ofDays(1);

    private final EscalationPolicy policy = new EscalationPolicy(2, Duration.ofDays(30), Duration.ofDays(30));

    @Test
    void theFirstBlockLastsAsOrderedAndEachFurtherOneTwiceAsLongUpToTheCeiling() {
        assertThat(policy.duration(DAY, 1)).isEqualTo(DAY);
        assertThat(policy.duration(DAY, 2)).isEqualTo(DAY.multipliedBy(2));
        assertThat(policy.duration(DAY, 5)).isEqualTo(DAY.multipliedBy(16));
        assertThat(policy.duration(DAY, 6)).isEqualTo(Duration.ofDays(30));
        assertThat(policy.duration(DAY, 1_000_000)).isEqualTo(Duration.ofDays(30));
    }

    @Test
    void aBlockThatIsOrderedForLongerThanTheCeilingStaysAsItIs() {
        assertThat(policy.duration(Duration.ofDays(90), 3)).isEqualTo(Duration.ofDays(90));
    }

    @Test
    void aFactorOfOneDoesNotEscalate() {
        var flat = new EscalationPolicy(1, Duration.ofDays(30), Duration.ofDays(30));

        assertThat(flat.duration(DAY, 7)).isEqualTo(DAY);
    }

    @Test
    void offencesCountWhileTheLastBlockIsRemembered() {
        assertThat(policy.count(0, NOW, NOW)).isEqualTo(1);
        assertThat(policy.count(2, NOW.minus(Duration.ofDays(29)), NOW)).isEqualTo(3);
        assertThat(policy.count(2, NOW.minus(Duration.ofDays(30)), NOW)).isEqualTo(1);
        assertThat(policy.count(2, NOW.plus(DAY), NOW)).isEqualTo(3);
    }
}
