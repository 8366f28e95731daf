package io.bulwark.ratelimit.block;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.database.Database;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.function.IntUnaryOperator;
import org.jboss.logging.Logger;

/** Tells of the blocks that have run their time, on every replica: rows that another holds are passed over. */
@ApplicationScoped
class BlockExpiry {
    private static final Logger LOG = Logger.getLogger(BlockExpiry.class);
    private static final int BATCH = 500;

    private static final String EXPIRED = "select 1 from block where ended_at is null and until <= ? limit 1";

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
        outage.attempt(() -> {
            if (hasExpired()) {
                inBatches(blocks::endExpired);
            }
        });
    }

    @Scheduled(
            every = "10m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        outage.attempt(() -> {
            inBatches(blocks::prune);
            blocks.pruneOffences();
        });
    }

    /** Asked outside of a transaction, which would be most of what a look each second costs. */
    private boolean hasExpired() {
        return !database.query(EXPIRED, row -> true, clock.instant()).isEmpty();
    }

    private static void inBatches(IntUnaryOperator work) {
        int done;
        do {
            done = QuarkusTransaction.requiringNew().call(() -> work.applyAsInt(BATCH));
        } while (done == BATCH);
    }
}
