package io.bulwark.backup.schedule;

import io.bulwark.backup.BackupConfig;
import io.bulwark.backup.run.Backups;
import io.bulwark.backup.source.Source;
import io.bulwark.backup.source.Sources;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import org.jboss.logging.Logger;

/** Queues a backup of every source that is due; a new source is due at once. */
@ApplicationScoped
class DueBackups {
    private static final Logger LOG = Logger.getLogger(DueBackups.class);
    private static final String SCHEDULE = "schedule";

    private final Sources sources;
    private final Backups backups;
    private final BackupConfig.Runs config;
    private final InstantSource clock;

    DueBackups(Sources sources, Backups backups, BackupConfig config, InstantSource clock) {
        this.sources = sources;
        this.backups = backups;
        this.config = config.runs();
        this.clock = clock;
    }

    /** Under the queue's lock, so that replicas that look at the same time queue one. */
    @Transactional
    @Scheduled(every = "{bulwark.backup.runs.look-for-due}", skipExecutionIf = ApplicationNotRunning.class)
    void look() {
        backups.lockQueue();
        for (var source : sources.all()) {
            if (!backups.isUnderway(source.name()) && isDue(source)) {
                var backup = backups.request(source, SCHEDULE);
                LOG.infof("Backup %s of %s is due", backup.id(), source.name());
            }
        }
    }

    /** What was backed up under its name before it was registered may be another database. */
    private boolean isDue(Source source) {
        var cadence = new Cadence(source.every(), config.retryAfter());
        return backups.latest(source.name())
                .map(last -> last.requestedAt().isBefore(source.createdAt())
                        || cadence.isDue(last.requestedAt(), last.isFailed(), clock.instant()))
                .orElse(true);
    }
}
