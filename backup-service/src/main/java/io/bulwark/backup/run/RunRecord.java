package io.bulwark.backup.run;

import io.bulwark.backup.store.BackupStore;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;

/** What the database knows of a run: each method is one transaction, and tells the others what became of it. */
@ApplicationScoped
class RunRecord {
    static final String INTERRUPTED =
            "interrupted: nobody works on it any more; the log of backup-service may tell why";

    private final Backups backups;
    private final Leases leases;
    private final Outbox outbox;
    private final BackupStore store;
    private final InstantSource clock;

    RunRecord(Backups backups, Leases leases, Outbox outbox, BackupStore store, InstantSource clock) {
        this.backups = backups;
        this.leases = leases;
        this.outbox = outbox;
        this.store = store;
        this.clock = clock;
    }

    /** Takes the next backup to be made or read back again, if this many are not in work already. */
    @Transactional
    Optional<Job> claim() {
        backups.lockQueue();
        return leases.claimRun()
                .map(id -> {
                    var backup = locked(id);
                    backup.begin(clock.instant());
                    return Job.of(backup);
                })
                .or(() -> leases.claimVerification().map(id -> {
                    var backup = locked(id);
                    backup.beginVerification();
                    return Job.of(backup);
                }));
    }

    @Transactional
    void reach(UUID id, Step step) {
        locked(id).reach(step);
    }

    /**
     * May be called again after a commit of which nothing was heard.
     *
     * @return false where another replica took the run for dead, and what was stored counts for nothing
     */
    @Transactional
    boolean completed(UUID id, Stored stored, Proof proof) {
        return conclude(id, backup -> {
                            var location = store.location(backup.objectKey());
                            var done = backup.complete(stored, proof, location, clock.instant());
                            outbox.publish(done, backup.application());
                        })
                        .status()
                == Backup.Status.COMPLETED;
    }

    /** May be called again after a commit of which nothing was heard. */
    @Transactional
    void failed(UUID id, RunFailed failure) {
        conclude(
                id,
                backup -> outbox.publish(
                        backup.fail(failure.step(), failure.reason(), clock.instant()), backup.application()));
    }

    @Transactional
    void verified(UUID id, Proof proof) {
        conclude(id, backup -> backup.verified(proof, clock.instant()));
    }

    @Transactional
    void verificationFailed(UUID id, RunFailed failure) {
        conclude(id, backup -> {
            if (failure.isConclusive()) {
                outbox.publish(backup.disprove(failure.reason()), backup.application());
            } else {
                backup.leaveUnverified(failure.reason());
            }
        });
    }

    @Transactional
    void renewLeases() {
        leases.renew();
    }

    @Transactional
    void giveUpLeases() {
        leases.giveUp();
    }

    /**
     * Fails the runs that nobody works on any more.
     *
     * @return the keys under which they may have left something
     */
    @Transactional
    List<String> endInterrupted() {
        var leftovers = new ArrayList<String>();
        for (var id : leases.endExpired()) {
            var backup = locked(id);
            if (backup.status() == Backup.Status.RUNNING) {
                var failed = backup.fail(stepOf(backup), INTERRUPTED, clock.instant());
                outbox.publish(failed, backup.application());
                leftovers.add(backup.objectKey());
            } else {
                backup.leaveUnverified(INTERRUPTED);
            }
        }
        return leftovers;
    }

    /** Does nothing where the lease is gone: then it is concluded already. */
    private Backup conclude(UUID id, Consumer<Backup> outcome) {
        var backup = locked(id);
        if (leases.end(id)) {
            outcome.accept(backup);
        }
        return backup;
    }

    private Backup locked(UUID id) {
        return backups.findById(id, LockModeType.PESSIMISTIC_WRITE);
    }

    private static Step stepOf(Backup backup) {
        return Objects.requireNonNullElse(backup.step(), Step.DUMP);
    }
}
