package io.bulwark.ratelimit.block;

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
    private volatile boolean failing;

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
        try {
            int done;
            do {
                done = QuarkusTransaction.requiringNew().call(() -> work.applyAsInt(BATCH));
            } while (done == BATCH);
            failing = false;
        } catch (RuntimeException e) {
            // once per outage, not once per second: in memory blocks end by the clock all the same
            if (!failing) {
                LOG.warnf("The ends of blocks cannot be told for now: %s", e.getMessage());
            }
            failing = true;
        }
    }
}
