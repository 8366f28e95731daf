package io.bulwark.ratelimit.bulk;

import io.bulwark.ratelimit.block.BlockBatch;
import io.bulwark.ratelimit.block.BlocksFull;
import io.bulwark.ratelimit.block.NewBlock;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Places the entries of an import batch by batch, beside the calls; one import at a time on each replica. */
@ApplicationScoped
public class ImportWorker {
    private static final Logger LOG = Logger.getLogger(ImportWorker.class);
    private static final int BATCH = 250;
    private static final int ATTEMPTS = 5;
    private static final Duration PAUSE = Duration.ofSeconds(1);
    private static final Duration GRACE = Duration.ofSeconds(5);

    private final BlockImports imports;
    private final BlockBatch blocks;
    private final BulkConfig config;
    private final Semaphore free = new Semaphore(1);
    private final CountDownLatch stopping = new CountDownLatch(1);

    ImportWorker(BlockImports imports, BlockBatch blocks, BulkConfig config) {
        this.imports = imports;
        this.blocks = blocks;
        this.config = config;
    }

    /** False where an import is being read or placed: what is in memory is bounded. */
    boolean tryReserve() {
        return stopping.getCount() > 0 && free.tryAcquire();
    }

    /** Gives back what {@link #tryReserve} gave. */
    void release() {
        free.release();
    }

    /** Places them in the background, and releases in the end. */
    void start(UUID id, List<NewBlock> orders) {
        Thread.ofPlatform().name("block-import-" + id).daemon().start(() -> {
            try {
                imports.finish(id, placeAll(id, orders));
            } catch (RuntimeException e) {
                LOG.errorf(e, "Import %s ended, and it cannot be written down how", id);
            } finally {
                release();
            }
        });
    }

    @Scheduled(every = "10s", skipExecutionIf = ApplicationNotRunning.class)
    void giveUp() {
        imports.giveUp(config.patience());
    }

    @Scheduled(every = "1h", skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        imports.prune(config.kept());
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping.countDown();
        if (!free.tryAcquire(GRACE.toSeconds(), TimeUnit.SECONDS)) {
            LOG.warn("An import goes on while the service stops; it will be told as failed");
        }
    }

    /** Why it ended early; null where it did not. */
    private @Nullable String placeAll(UUID id, List<NewBlock> orders) {
        for (var from = 0; from < orders.size(); from += BATCH) {
            if (stopping.getCount() == 0) {
                return "The service was stopped; send it again to place the rest";
            }
            var failure = place(id, orders.subList(from, Math.min(from + BATCH, orders.size())));
            if (failure != null) {
                return failure;
            }
        }
        return null;
    }

    private @Nullable String place(UUID id, List<NewBlock> batch) {
        for (var attempt = 1; ; attempt++) {
            try {
                return QuarkusTransaction.requiringNew().call(() -> placed(id, batch));
            } catch (BlocksFull e) {
                return e.getMessage();
            } catch (RuntimeException e) {
                LOG.warnf("A batch of import %s cannot be placed for now: %s", id, e.getMessage());
                if (attempt == ATTEMPTS) {
                    return "The blocks could not be stored; send it again to place the rest";
                }
                pause(PAUSE.multipliedBy(attempt));
            }
        }
    }

    private @Nullable String placed(UUID id, List<NewBlock> batch) {
        if (imports.advance(id, blocks.place(batch))) {
            return null;
        }
        QuarkusTransaction.setRollbackOnly();
        return "It had been given up";
    }

    private void pause(Duration time) {
        try {
            if (stopping.await(time.toMillis(), TimeUnit.MILLISECONDS)) {
                LOG.debug("Stopping");
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
