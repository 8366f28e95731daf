package io.bulwark.incident.detection;

import static java.util.Comparator.naturalOrder;

import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;

/** Drops from memory what no rule will look at again. */
@ApplicationScoped
class Forgetting {
    /** {@link TrafficJudge} looks three back, a window later at least; half a window would be judged as if it were one. */
    private static final int WINDOWS = 6;

    private final Memory memory;
    private final TrafficMemory traffic;
    private final Rules rules;
    private final IncidentConfig.Rules config;
    private final InstantSource clock;

    Forgetting(Memory memory, TrafficMemory traffic, Rules rules, IncidentConfig config, InstantSource clock) {
        this.memory = memory;
        this.traffic = traffic;
        this.rules = rules;
        this.config = config.rules();
        this.clock = clock;
    }

    @Scheduled(every = "10m", skipExecutionIf = ApplicationNotRunning.class)
    @Transactional
    void forget() {
        var now = clock.instant();
        for (var rule : rules.all()) {
            memory.forgetRecordedBefore(rule.name(), now.minus(remembered(config.memory(), List.of(rule))));
        }
        var judged = List.of(rules.named(Rule.SERVER_ERROR_RATE), rules.named(Rule.RESPONSE_TIME));
        traffic.forgetRecordedBefore(
                now.minus(remembered(config.memory(), judged)).minus(config.trafficGrace()));
    }

    /** As long as configured, or longer where one of those who look at it needs that. */
    static Duration remembered(Duration configured, Collection<Rule> rules) {
        var needed = rules.stream()
                .filter(Rule::enabled)
                .map(rule -> rule.window().multipliedBy(WINDOWS))
                .max(naturalOrder())
                .orElse(configured);
        return needed.compareTo(configured) > 0 ? needed : configured;
    }
}
