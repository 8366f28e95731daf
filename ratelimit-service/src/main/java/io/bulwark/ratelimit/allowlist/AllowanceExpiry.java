package io.bulwark.ratelimit.allowlist;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/** Takes out and tells of allowances whose time is over; decisions have known it by the clock. */
@ApplicationScoped
class AllowanceExpiry {
    private static final Logger LOG = Logger.getLogger(AllowanceExpiry.class);
    private static final int BATCH = 100;

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
        outage.attempt(() -> QuarkusTransaction.requiringNew()
                .run(() -> allowances.removeOver(clock.instant(), BATCH).forEach(this::tell)));
    }

    private void tell(Allowance allowance) {
        rules.removed(RuleKind.ALLOWANCE, allowance.scope().application(), allowance.name(), Rules.SERVICE);
    }
}
