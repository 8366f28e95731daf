package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class LoginPolicyTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long WINDOW = 900;

    private final LoginPolicy policy = new LoginPolicy(5, Duration.ofSeconds(WINDOW), Duration.ofDays(1));

    @Test
    void oneLessThanTheLimitDecidesNothing() {
        assertThat(policy.deciding(at(0, 1, 2, 3))).isEmpty();
        assertThat(policy.deciding(List.of())).isEmpty();
    }

    @Test
    void theFailureThatReachesTheLimitDecides() {
        assertThat(policy.deciding(at(0, 100, 200, 300, 400))).contains(START.plusSeconds(400));
    }

    @Test
    void failuresAFullWindowApartDoNotCountTogether() {
        assertThat(policy.deciding(at(0, 1, 2, 3, WINDOW))).isEmpty();
        assertThat(policy.deciding(at(0, 1, 2, 3, WINDOW - 1))).contains(START.plusSeconds(WINDOW - 1));
    }

    @Test
    void failuresAtOneInstantCountEach() {
        assertThat(policy.deciding(at(7, 7, 7, 7, 7))).contains(START.plusSeconds(7));
    }

    @Test
    void theNewestDecisionCounts() {
        assertThat(policy.deciding(at(0, 1, 2, 3, 4, 5, 6))).contains(START.plusSeconds(6));
    }

    @Test
    void anAttackBeforeAQuietTimeStillDecides() {
        assertThat(policy.deciding(at(0, 1, 2, 3, 4, 5_000, 9_000))).contains(START.plusSeconds(4));
    }

    @Test
    void anIpv6AttackerIsItsSixtyFour() {
        assertThat(LoginPolicy.placeOf(Network.parse("2001:db8:1:2:3:4:5:6")))
                .isEqualTo(Network.parse("2001:db8:1:2::/64"));
        assertThat(LoginPolicy.placeOf(Network.parse("203.0.113.7"))).isEqualTo(Network.parse("203.0.113.7"));
    }

    private static List<Instant> at(long... seconds) {
        return LongStream.of(seconds)
                .mapToObj(START::plusSeconds)
                .sorted(Comparator.reverseOrder())
                .toList();
    }
}
