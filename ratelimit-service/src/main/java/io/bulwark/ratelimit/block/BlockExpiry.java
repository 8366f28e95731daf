package io.bulwark.ratelimit.block;

import io.bulwark.kit.outage.Outage;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.IntUnaryOperator;
import org.jboss.logging.Logger;

/** Tells of the blocks that have run their time, on every replica: rows that another holds are passed over. */
@ApplicationScoped
class BlockExpiry {
    private static final Logger LOG = Logger.getLogger(BlockExpiry.class);
    private static final int BATCH = 500;

    private final Blocks blocks;
    private final Outage outage = new Outage(LOG, "The ends of blocks cannot be told, and are in force by the clock");

    BlockExpiry(Blocks blocks) {
        this.blocks = blocks;
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void endExpired() {
        inBatches(blocks::endExpired);
    }

    @Scheduled(
            every = "10m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        inBatches(blocks::prune);
        inBatches(blocks::pruneOffences);
    }

    private void inBatches(IntUnaryOperator work) {
        outage.attempt(() -> {
            int done;
            do {
                done = QuarkusTransaction.requiringNew().call(() -> work.applyAsInt(BATCH));
            } while (done == BATCH);
        });
    }
}
