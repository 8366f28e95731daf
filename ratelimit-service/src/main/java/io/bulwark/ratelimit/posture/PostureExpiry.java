package io.bulwark.ratelimit.posture;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;

/** Writes down and tells that a posture's time is over; decisions have known it by the clock. */
@ApplicationScoped
class PostureExpiry {
    private static final Logger LOG = Logger.getLogger(PostureExpiry.class);

    private final PostureTable table;
    private final Postures postures;
    private final Rules rules;
    private final InstantSource clock;
    private final Outage outage = new Outage(LOG, "The ends of postures cannot be told");

    PostureExpiry(PostureTable table, Postures postures, Rules rules, InstantSource clock) {
        this.table = table;
        this.postures = postures;
        this.rules = rules;
        this.clock = clock;
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void restore() {
        if (table.hasOver(clock.instant())) {
            outage.attempt(() -> Database.inBatches(postures.due(clock.instant()), this::restore));
        }
    }

    private void restore(List<String> applications) {
        for (var application : applications) {
            var posture = postures.lock(application);
            if (!posture.isOver(clock.instant())) {
                continue; // another replica has done it, or somebody has said something else
            }
            postures.put(posture.over(Rules.SERVICE));
            rules.changed(RuleKind.POSTURE, posture.application(), posture.application(), Rules.SERVICE);
            LOG.infof("The posture of %s is normal again", posture.application());
        }
    }
}
