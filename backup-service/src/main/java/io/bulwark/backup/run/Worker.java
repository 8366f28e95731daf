package io.bulwark.backup.run;

import io.bulwark.backup.BackupConfig;
import io.bulwark.backup.seal.BrokenSeal;
import io.bulwark.backup.source.Sources;
import io.bulwark.backup.store.BackupStore;
import io.bulwark.backup.store.StoreFailure;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import io.smallrye.faulttolerance.api.Guard;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.temporal.ChronoUnit;
import java.util.UUID;
import java.util.concurrent.Semaphore;
import org.jboss.logging.Logger;

/** Makes the backups that are queued, and reads back those that are to be. */
@ApplicationScoped
class Worker {
    private static final Logger LOG = Logger.getLogger(Worker.class);

    private final RunRecord record;
    private final Leases leases;
    private final Sources sources;
    private final Dumping dumping;
    private final ReadBack readBack;
    private final BackupStore store;
    private final RunMetrics metrics;
    private final Semaphore free;

    /** A run of an hour is not lost because the database restarts as it ends. */
    private final Guard patience = Guard.create()
            .withRetry()
            .maxRetries(-1)
            .delay(1, ChronoUnit.SECONDS)
            .maxDuration(2, ChronoUnit.MINUTES)
            .done()
            .build();

    private volatile boolean stopping;
    private volatile boolean away;

    Worker(
            RunRecord record,
            Leases leases,
            Sources sources,
            Dumping dumping,
            ReadBack readBack,
            BackupStore store,
            RunMetrics metrics,
            BackupConfig config) {
        this.record = record;
        this.leases = leases;
        this.sources = sources;
        this.dumping = dumping;
        this.readBack = readBack;
        this.store = store;
        this.metrics = metrics;
        free = new Semaphore(config.runs().atOnce());
    }

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void look() {
        try {
            while (!stopping && leases.isAnyWaiting() && free.tryAcquire()) {
                if (!start()) {
                    break;
                }
            }
            away = false;
        } catch (RuntimeException e) {
            if (!away) {
                LOG.warnf("The queue of backups cannot be read: %s", e.getMessage());
            }
            away = true;
        }
    }

    /** Runs are not waited for: whoever starts next finds their leases given up, and says so in their records. */
    void stop(@Observes ShutdownEvent event) {
        stopping = true;
        try {
            record.giveUpLeases();
        } catch (RuntimeException e) {
            LOG.infof("The runs under way end with their leases: %s", e.getMessage());
        }
    }

    /** @return false where there is nothing to do */
    private boolean start() {
        var started = false;
        try {
            var claimed = record.claim();
            claimed.ifPresent(job ->
                    Thread.ofPlatform().daemon().name("backup " + job.id()).start(() -> work(job)));
            started = claimed.isPresent();
            return started;
        } finally {
            if (!started) {
                free.release();
            }
        }
    }

    /** What goes wrong unplanned ends here: the lease runs out, and whoever finds that records it. */
    private void work(Job job) {
        leases.hold(job.id());
        try {
            if (job.stored() == null) {
                run(job);
            } else {
                verify(job, job.stored());
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException | Error e) {
            LOG.errorf(e, "Backup %s of %s is left without an outcome; its lease will run out", job.id(), job.source());
        } finally {
            leases.letGo();
            free.release();
        }
    }

    private void run(Job job) throws InterruptedException {
        try {
            var stored = dump(job);
            try {
                reach(job.id(), Step.VERIFY);
                var proof = readBack(job, stored);
                if (!patience.get(() -> record.completed(job.id(), stored, proof), Boolean.class)) {
                    throw RunFailed.at(Step.VERIFY, RunRecord.INTERRUPTED);
                }
            } catch (RunFailed e) {
                discard(job);
                throw e;
            }
            metrics.count(RunMetrics.COMPLETED);
            LOG.infof("Backup %s of %s completed: %d bytes", job.id(), job.source(), stored.size());
        } catch (RunFailed e) {
            fail(job, e);
        }
    }

    private Stored dump(Job job) throws RunFailed, InterruptedException {
        try {
            var login = sources.login(job.source())
                    .orElseThrow(() -> RunFailed.at(Step.DUMP, "the source is no longer registered"));
            return dumping.dump(job, login, step -> reach(job.id(), step));
        } catch (BrokenSeal e) {
            throw RunFailed.at(Step.DUMP, e.getMessage());
        } catch (RuntimeException e) {
            throw unexpected(job, Step.DUMP, e);
        }
    }

    private Proof readBack(Job job, Stored stored) throws RunFailed, InterruptedException {
        try {
            return readBack.read(job, stored);
        } catch (RuntimeException e) {
            throw unexpected(job, Step.VERIFY, e);
        }
    }

    private static RunFailed unexpected(Job job, Step step, RuntimeException cause) {
        LOG.errorf(cause, "Backup %s of %s failed unexpectedly", job.id(), job.source());
        return RunFailed.at(step, "an unexpected failure; the log of backup-service has it");
    }

    private void verify(Job job, Stored stored) throws InterruptedException {
        try {
            var proof = readBack(job, stored);
            untilRecorded(() -> record.verified(job.id(), proof));
        } catch (RunFailed e) {
            LOG.warnf("Backup %s of %s, read back again: %s", job.id(), job.source(), e.reason());
            untilRecorded(() -> record.verificationFailed(job.id(), e));
        }
    }

    private void fail(Job job, RunFailed failure) {
        LOG.warnf("Backup %s of %s failed at %s: %s", job.id(), job.source(), failure.step(), failure.reason());
        metrics.count(RunMetrics.FAILED);
        untilRecorded(() -> record.failed(job.id(), failure));
    }

    private void untilRecorded(Runnable outcome) {
        patience.get(
                () -> {
                    outcome.run();
                    return true;
                },
                Boolean.class);
    }

    /** Only tells where it is; a run does not fail for it. */
    private void reach(UUID id, Step step) {
        try {
            record.reach(id, step);
        } catch (RuntimeException e) {
            LOG.debugf("Step %s of backup %s was not recorded: %s", step, id, e.getMessage());
        }
    }

    private void discard(Job job) {
        try {
            store.discard(job.objectKey());
        } catch (StoreFailure e) {
            LOG.warnf("What failed run %s stored is left under %s: %s", job.id(), job.objectKey(), e.getMessage());
        }
    }
}
