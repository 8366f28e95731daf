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
        var end =
                clock.instant().minus(remembered(config.memory(), rules.all())).minus(config.trafficGrace());
        memory.forgetRecordedBefore(end);
        traffic.forgetRecordedBefore(end);
    }

    /** As long as configured, or longer where a rule needs it. */
    static Duration remembered(Duration configured, Collection<Rule> rules) {
        var needed = rules.stream()
                .filter(Rule::enabled)
                .map(rule -> rule.window().multipliedBy(WINDOWS))
                .max(naturalOrder())
                .orElse(configured);
        return needed.compareTo(configured) > 0 ? needed : configured;
    }
}
