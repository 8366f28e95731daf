package io.bulwark.ratelimit.block;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.function.IntUnaryOperator;

/** Tells of the blocks that have run their time, on every replica: rows that another holds are passed over. */
@ApplicationScoped
class BlockExpiry {
    private static final int BATCH = 500;

    private final Blocks blocks;

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
    }

    private static void inBatches(IntUnaryOperator work) {
        int done;
        do {
            done = QuarkusTransaction.requiringNew().call(() -> work.applyAsInt(BATCH));
        } while (done == BATCH);
    }
}
