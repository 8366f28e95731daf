package io.bulwark.incident.detection;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.detection.EpisodePolicy.Verdict;
import io.bulwark.incident.detection.Memory.Group;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.TestTransaction;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.Test;

@SuiteTest
class ForgettingTest {
    private static final Duration DAY = Duration.ofDays(1);

    private final Memory memory;
    private final TrafficMemory traffic;
    private final Rules rules;
    private final IncidentConfig config;
    private final InstantSource clock;
    private final EntityManager entities;

    ForgettingTest(
            Memory memory,
            TrafficMemory traffic,
            Rules rules,
            IncidentConfig config,
            InstantSource clock,
            EntityManager entities) {
        this.memory = memory;
        this.traffic = traffic;
        this.rules = rules;
        this.config = config;
        this.clock = clock;
        this.entities = entities;
    }

    @Test
    @TestTransaction
    void keepsForARuleWithALongWindowNothingOfTheOthers() {
        entities.createNativeQuery("update alert_rule set window_seconds = 86400 where name = :rule")
                .setParameter("rule", Rule.BLOCKED_ADDRESSES)
                .executeUpdate();
        var now = clock.instant();
        var before = now.minus(DAY.multipliedBy(2)).truncatedTo(ChronoUnit.SECONDS);
        var logins = new Group(Rule.FAILED_LOGINS, "old", "");
        var blocks = new Group(Rule.BLOCKED_ADDRESSES, "old", "");
        var presences = List.of(new Presence("203.0.113.7", "203.0.113.7", before, before));
        var seen = new Verdict(presences, List.of(), List.of(), List.of());
        memory.save(logins, List.of(), seen, before);
        memory.save(blocks, List.of(), seen, before);

        new Forgetting(memory, traffic, rules, config, clock).forget();

        assertThat(memory.presences(logins, before, now, DAY)).isEmpty();
        assertThat(memory.presences(blocks, before, now, DAY)).isEqualTo(presences);
    }

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
