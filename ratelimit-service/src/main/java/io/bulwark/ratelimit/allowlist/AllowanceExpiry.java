package io.bulwark.ratelimit.allowlist;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;

/** Takes out and tells of allowances whose time is over; decisions have known it by the clock. */
@ApplicationScoped
class AllowanceExpiry {
    private static final Logger LOG = Logger.getLogger(AllowanceExpiry.class);

    private final Allowances allowances;
    private final Rules rules;
    private final InstantSource clock;
    private final Outage outage = new Outage(LOG, "The ends of allowances cannot be told");

    AllowanceExpiry(Allowances allowances, Rules rules, InstantSource clock) {
        this.allowances = allowances;
        this.rules = rules;
        this.clock = clock;
    }

    @Scheduled(
            every = "10s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void removeOver() {
        outage.attempt(() -> {
            var now = clock.instant();
            Database.inBatches(allowances.over(now), ids -> removeOver(ids, now));
        });
    }

    private void removeOver(List<String> ids, Instant now) {
        for (var over : allowances.removeOver(ids, now)) {
            rules.removed(RuleKind.ALLOWANCE, over.scope().application(), over.name(), Rules.SERVICE);
        }
    }
}
