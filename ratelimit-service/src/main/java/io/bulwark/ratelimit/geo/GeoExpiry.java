package io.bulwark.ratelimit.geo;

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

/** Removes the geo blocks that have run their time. In memory they end by the clock before that. */
@ApplicationScoped
class GeoExpiry {
    private final GeoBlocks blocks;
    private final Rules rules;
    private final InstantSource clock;
    private final Outage outage =
            new Outage(Logger.getLogger(GeoExpiry.class), "The ends of geo blocks cannot be told");

    GeoExpiry(GeoBlocks blocks, Rules rules, InstantSource clock) {
        this.blocks = blocks;
        this.rules = rules;
        this.clock = clock;
    }

    @Scheduled(
            every = "5s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void removeEnded() {
        outage.attempt(() -> {
            var now = clock.instant();
            Database.inBatches(blocks.ended(now), ids -> removeEnded(ids, now));
        });
    }

    private void removeEnded(List<String> ids, Instant now) {
        for (var ended : blocks.removeEnded(ids, now)) {
            rules.removed(
                    RuleKind.GEO_BLOCK,
                    ended.scope().application(),
                    ended.target().toString(),
                    Rules.SERVICE);
        }
    }
}
