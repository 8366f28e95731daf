package io.bulwark.ratelimit.decision;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.BlockFeed;
import io.bulwark.ratelimit.block.BlockTable;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;

/** Decides from memory: no database, no network, no lock. */
@Singleton
public class Decisions {
    private static final long SECOND = 1_000;

    private final BlockTable blocks;
    private final BlockFeed feed;
    private final InstantSource clock;

    Decisions(BlockTable blocks, BlockFeed feed, InstantSource clock) {
        this.blocks = blocks;
        this.feed = feed;
        this.clock = clock;
    }

    /**
     * What the gateway is to do.
     *
     * @param retryAfterSeconds when asking again may help; 0 where it is allowed
     */
    public record Decision(Outcome outcome, long retryAfterSeconds) {
        public static final Decision ALLOWED = new Decision(Outcome.ALLOWED, 0);
        private static final Decision UNAVAILABLE = new Decision(Outcome.UNAVAILABLE, 1);

        public boolean allowed() {
            return outcome == Outcome.ALLOWED;
        }
    }

    /** False until every block is known: until then nobody may be let through. */
    public boolean isReady() {
        return feed.isLoaded();
    }

    /** @param endpoint null for none in particular: blocks of single endpoints do not count then */
    public Decision decide(Network client, String application, @Nullable String endpoint) {
        if (!isReady()) {
            return Decision.UNAVAILABLE;
        }
        var now = clock.millis();
        var until = blocks.blockedUntil(client, application, endpoint, now);
        return until == BlockTable.NOT_BLOCKED
                ? Decision.ALLOWED
                : new Decision(Outcome.BLOCKED, Math.ceilDiv(until - now, SECOND));
    }
}
