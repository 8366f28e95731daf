package io.bulwark.ratelimit.geo;

import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.InstantSource;

/** Removes the geo blocks that have run their time. In memory they end by the clock before that. */
@ApplicationScoped
public class GeoExpiry {
    private final GeoBlocks blocks;
    private final Rules rules;
    private final InstantSource clock;

    GeoExpiry(GeoBlocks blocks, Rules rules, InstantSource clock) {
        this.blocks = blocks;
        this.rules = rules;
        this.clock = clock;
    }

    @Transactional
    @Scheduled(every = "5s", skipExecutionIf = ApplicationNotRunning.class)
    void removeEnded() {
        for (var ended : blocks.removeEnded(clock.instant())) {
            rules.removed(
                    RuleKind.GEO_BLOCK,
                    ended.scope().application(),
                    ended.target().toString(),
                    Blocks.SERVICE);
        }
    }
}
