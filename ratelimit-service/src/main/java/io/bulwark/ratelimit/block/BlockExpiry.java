package io.bulwark.ratelimit.block;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.database.Database;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jboss.logging.Logger;

/** Tells of the blocks that have run their time, on every replica: rows that another holds are passed over. */
@ApplicationScoped
class BlockExpiry {
    private static final Logger LOG = Logger.getLogger(BlockExpiry.class);

    /** As many as are done by the time one looks again. */
    private static final String EXPIRED =
            "select id from block where ended_at is null and until <= ? order by until limit 10000";

    private static final String OLD = "select id from block where ended_at < ? order by ended_at limit 10000";

    private final Blocks blocks;
    private final Database database;
    private final InstantSource clock;
    private final Outage outage = new Outage(LOG, "The ends of blocks cannot be told, and are in force by the clock");

    BlockExpiry(Blocks blocks, Database database, InstantSource clock) {
        this.blocks = blocks;
        this.database = database;
        this.clock = clock;
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void endExpired() {
        outage.attempt(() -> Database.inBatches(ids(EXPIRED, clock.instant()), blocks::endExpired));
    }

    @Scheduled(
            every = "10m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        outage.attempt(() -> {
            var before = clock.instant().minus(Blocks.KEPT);
            Database.inBatches(ids(OLD, before), ids -> blocks.forget(ids, before));
            blocks.pruneOffences();
        });
    }

    /** Asked outside of a transaction, which would be most of what a look each second costs. */
    private List<String> ids(String sql, Instant time) {
        return database.query(sql, row -> row.getString(1), time);
    }
}
