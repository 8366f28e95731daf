package io.bulwark.backup.run;

import io.bulwark.events.BackupEvent.BackupCompleted;
import io.bulwark.events.BackupEvent.BackupFailed;
import io.bulwark.events.EventIds;
import io.bulwark.kit.problem.Problem;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One backup of one database, from the request on. Completed means read back and found whole. */
@Entity
public class Backup {
    private static final DateTimeFormatter DAY =
            DateTimeFormatter.ofPattern("uuuu/MM/dd").withZone(ZoneOffset.UTC);
    private static final DateTimeFormatter TIME =
            DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

    enum Status {
        QUEUED,
        RUNNING,
        COMPLETED,
        FAILED
    }

    /** Reading back again, on request. */
    enum Verification {
        REQUESTED,
        RUNNING,
        PASSED,
        FAILED,
        /** It could not be read this time; it counts as before. */
        INCONCLUSIVE
    }

    @Id
    private UUID id;

    private String source;
    private String application;
    private Instant requestedAt;
    private String requestedBy;

    @Enumerated(EnumType.STRING)
    private Status status;

    @Enumerated(EnumType.STRING)
    private @Nullable Step step;

    private @Nullable String reason;
    private @Nullable Instant startedAt;
    private @Nullable Instant snapshotAt;
    private @Nullable Instant finishedAt;
    private @Nullable String toolVersion;
    private String objectKey;
    private boolean stored;
    private @Nullable Long size;
    private @Nullable Long dumpSize;
    private @Nullable String sha256;
    private @Nullable Integer objects;
    private @Nullable Integer tables;

    @Enumerated(EnumType.STRING)
    private @Nullable Verification verification;

    private @Nullable Instant verifiedAt;
    private @Nullable String verificationReason;

    @SuppressWarnings("NullAway.Init")
    protected Backup() {}

    Backup(String source, String application, String requestedBy, Instant now) {
        this.id = EventIds.next();
        this.source = source;
        this.application = application;
        this.requestedBy = requestedBy;
        this.requestedAt = now;
        this.status = Status.QUEUED;
        this.objectKey =
                "%s/%s/%s/%s-%s.dump.zst.enc".formatted(application, source, DAY.format(now), TIME.format(now), id);
    }

    void begin(Instant now) {
        status = Status.RUNNING;
        step = Step.DUMP;
        startedAt = now;
    }

    /** What is over keeps the step that it failed at, also where its worker does not know yet. */
    void reach(Step next) {
        if (status == Status.RUNNING) {
            step = next;
        }
    }

    /** It is there and was read back. */
    BackupCompleted complete(Stored what, Proof proof, String location, Instant now) {
        status = Status.COMPLETED;
        step = null;
        stored = true;
        toolVersion = what.toolVersion();
        snapshotAt = what.snapshotAt();
        size = what.size();
        dumpSize = what.dumpSize();
        sha256 = what.sha256();
        finishedAt = now;
        prove(proof, now);
        return new BackupCompleted(
                id.toString(), source, what.size(), what.sha256(), Duration.between(startedAt, now), location);
    }

    BackupFailed fail(Step where, String why, Instant now) {
        status = Status.FAILED;
        step = where;
        reason = why;
        finishedAt = now;
        return new BackupFailed(id.toString(), source, where.label(), why);
    }

    /** Wants it read back again. */
    void requestVerification() {
        if (!stored) {
            throw new Problem(409, "nothing-stored", "There is nothing in the store to read back");
        }
        if (!isVerifying()) {
            verification = Verification.REQUESTED;
            verificationReason = null;
        }
    }

    void beginVerification() {
        verification = Verification.RUNNING;
    }

    /** Found whole, also where it was found broken before: the store may have healed it. */
    void verified(Proof proof, Instant now) {
        status = Status.COMPLETED;
        step = null;
        reason = null;
        verification = Verification.PASSED;
        prove(proof, now);
    }

    /** What is stored is no backup any more. */
    BackupFailed disprove(String why) {
        status = Status.FAILED;
        step = Step.VERIFY;
        reason = why;
        verification = Verification.FAILED;
        verificationReason = why;
        return new BackupFailed(id.toString(), source, Step.VERIFY.label(), why);
    }

    void leaveUnverified(String why) {
        verification = Verification.INCONCLUSIVE;
        verificationReason = why;
    }

    private void prove(Proof proof, Instant now) {
        objects = proof.objects();
        tables = proof.tables();
        verifiedAt = now;
    }

    boolean isVerifying() {
        return verification == Verification.REQUESTED || verification == Verification.RUNNING;
    }

    boolean isOver() {
        return status == Status.COMPLETED || status == Status.FAILED;
    }

    public UUID id() {
        return id;
    }

    String source() {
        return source;
    }

    String application() {
        return application;
    }

    public Instant requestedAt() {
        return requestedAt;
    }

    String requestedBy() {
        return requestedBy;
    }

    Status status() {
        return status;
    }

    public boolean isFailed() {
        return status == Status.FAILED;
    }

    @Nullable
    Step step() {
        return step;
    }

    @Nullable
    String reason() {
        return reason;
    }

    @Nullable
    Instant startedAt() {
        return startedAt;
    }

    @Nullable
    Instant snapshotAt() {
        return snapshotAt;
    }

    @Nullable
    Instant finishedAt() {
        return finishedAt;
    }

    @Nullable
    String toolVersion() {
        return toolVersion;
    }

    String objectKey() {
        return objectKey;
    }

    /** Null until it is stored. */
    @Nullable
    Stored whatIsStored() {
        return size == null || dumpSize == null || sha256 == null
                ? null
                : new Stored(toolVersion, snapshotAt, size, dumpSize, sha256);
    }

    @Nullable
    Integer objects() {
        return objects;
    }

    @Nullable
    Integer tables() {
        return tables;
    }

    @Nullable
    Verification verification() {
        return verification;
    }

    @Nullable
    Instant verifiedAt() {
        return verifiedAt;
    }

    @Nullable
    String verificationReason() {
        return verificationReason;
    }
}
