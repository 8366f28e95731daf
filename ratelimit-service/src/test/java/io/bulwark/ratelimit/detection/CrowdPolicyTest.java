package io.bulwark.ratelimit.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.episode.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class CrowdPolicyTest {
    private static final Instant START = Instant.parse("2026-03-01T12:00:00Z");
    private static final long WINDOW = 600;

    private final CrowdPolicy policy =
            new CrowdPolicy("test", 3, Duration.ofSeconds(WINDOW), Duration.ofHours(1), true, false);

    @Test
    void oneMemberIsOneHoweverOftenItIsSeen() {
        assertThat(decide(seen("a", 0), seen("a", 60), seen("a", 120), seen("b", 130)))
                .isEmpty();
    }

    @Test
    void theMemberThatReachesTheThresholdDecides() {
        assertThat(decide(seen("a", 0), seen("b", 100), seen("c", 200))).containsExactly(span(200, 200));
    }

    @Test
    void membersAFullWindowApartAreNotTogether() {
        assertThat(decide(seen("a", 0), seen("b", 1), seen("c", WINDOW))).isEmpty();
        assertThat(decide(seen("a", 0), seen("b", 1), seen("c", WINDOW - 1)))
                .containsExactly(span(WINDOW - 1, WINDOW - 1));
    }

    @Test
    void whoIsSeenAgainStays() {
        var again = new Sighting("a", at(0), at(50), 9);
        assertThat(decide(again, seen("b", 500), seen("c", 640))).containsExactly(span(640, 640));
        assertThat(decide(again, seen("b", 500), seen("c", 650))).isEmpty();
    }

    @Test
    void anAttackGoesOnUntilItStaysBelowTheThresholdForAWindow() {
        assertThat(decide(
                        seen("a", 0),
                        seen("b", 1),
                        seen("c", 2),
                        seen("d", 500),
                        seen("a", 3_000),
                        seen("b", 3_001),
                        seen("c", 3_002)))
                .containsExactly(span(2, 500), span(3_002, 3_002));
    }

    @Test
    void whatCameBeforeIsNotDecidedAgainAndWhatWasForgivenDoesNotCount() {
        var seen = List.of(seen("a", 0), seen("b", 1), seen("c", 2), seen("d", 3));
        assertThat(policy.decide(seen, Instant.MIN, at(3))).containsExactly(span(3, 3));
        assertThat(policy.decide(seen, at(1), at(0))).isEmpty();
        assertThat(policy.decide(seen, at(0), at(0))).containsExactly(span(3, 3));
    }

    @Test
    void theEvidenceIsWhatWasSeenWithinTheWindow() {
        var seen = List.of(seen("old", -600), seen("a", 0), new Sighting("b", at(10), at(40), 7), seen("c", 30));

        var evidence = policy.evidence(seen, Instant.MIN, at(30));

        assertThat(evidence.members().keySet()).containsExactly("c", "b", "a");
        assertThat(evidence.firstAt()).isEqualTo(at(0));
        assertThat(evidence.lastAt()).isEqualTo(at(30));
        assertThat(evidence.observations()).isEqualTo(9);
    }

    /** The first and the last time within each minute say as much as every single time would. */
    @Test
    void keptByTheMinuteItDecidesAsIfEveryTimeWereKept() {
        var random = new Random(20_260_301);
        for (var round = 0; round < 500; round++) {
            var single = new ArrayList<Sighting>();
            IntStream.range(0, 40)
                    .forEach(i -> single.add(seen("" + (char) ('a' + random.nextInt(5)), random.nextInt(2_000))));
            assertThat(!policy.decide(byTheMinute(single), Instant.MIN, Instant.MIN)
                            .isEmpty())
                    .as("round %d", round)
                    .isEqualTo(bruteForce(single));
        }
    }

    private boolean bruteForce(List<Sighting> single) {
        return single.stream().anyMatch(end -> {
            var members = new HashSet<String>();
            for (var other : single) {
                var age = Duration.between(other.first(), end.first());
                if (!age.isNegative() && age.compareTo(policy.window()) < 0) {
                    members.add(other.member());
                }
            }
            return members.size() >= policy.threshold();
        });
    }

    private static List<Sighting> byTheMinute(List<Sighting> single) {
        var kept = new HashMap<String, Sighting>();
        single.forEach(sighting -> kept.merge(sighting.member() + sighting.minute(), sighting, Sighting::and));
        return List.copyOf(kept.values());
    }

    private List<Span> decide(Sighting... seen) {
        return policy.decide(List.of(seen), Instant.MIN, Instant.MIN);
    }

    private static Sighting seen(String member, long second) {
        return new Sighting(member, at(second), at(second), 1);
    }

    private static Span span(long first, long last) {
        return new Span(at(first), at(last));
    }

    private static Instant at(long second) {
        return START.plusSeconds(second);
    }
}
