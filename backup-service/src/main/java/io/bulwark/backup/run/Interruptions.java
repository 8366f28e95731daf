package io.bulwark.backup.run;

import io.bulwark.backup.store.BackupStore;
import io.bulwark.backup.store.StoreFailure;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import org.jboss.logging.Logger;

/** A run that nobody works on any more has failed, and what it sent is removed. */
@ApplicationScoped
class Interruptions {
    private static final Logger LOG = Logger.getLogger(Interruptions.class);

    private final RunRecord record;
    private final BackupStore store;
    private final RunMetrics metrics;

    Interruptions(RunRecord record, BackupStore store, RunMetrics metrics) {
        this.record = record;
        this.store = store;
        this.metrics = metrics;
    }

    /** Renews first: a database that was away must not make a replica take itself for dead. */
    @Scheduled(
            every = "5s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void beat() {
        try {
            record.renewLeases();
            record.endInterrupted().forEach(this::remove);
        } catch (RuntimeException e) {
            LOG.warnf("Leases cannot be renewed: %s", e.getMessage());
        }
    }

    private void remove(String key) {
        LOG.warnf("A run was interrupted; what it left is removed: %s", key);
        metrics.count(RunMetrics.INTERRUPTED);
        Thread.ofPlatform().daemon().name("discard " + key).start(() -> discard(key));
    }

    /** Not in the thread that renews: a store that does not answer would cost this replica its own leases. */
    private void discard(String key) {
        try {
            store.discard(key);
        } catch (StoreFailure | RuntimeException e) {
            LOG.warnf("What an interrupted run sent may be left under %s: %s", key, e.getMessage());
        }
    }
}
