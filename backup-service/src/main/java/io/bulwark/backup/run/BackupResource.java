package io.bulwark.backup.run;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.backup.run.Backup.Status;
import io.bulwark.backup.source.Source;
import io.bulwark.backup.source.Sources;
import io.bulwark.backup.store.BackupStore;
import io.bulwark.backup.tool.PostgresTools;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.idempotency.Idempotent;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Asks for backups, and tells what became of them. */
@Path("/api/v1/backups")
class BackupResource {
    private final Backups backups;
    private final Sources sources;
    private final PostgresTools tools;
    private final BackupStore store;
    private final Caller caller;
    private final AuditTrail trail;

    BackupResource(
            Backups backups, Sources sources, PostgresTools tools, BackupStore store, Caller caller, AuditTrail trail) {
        this.backups = backups;
        this.sources = sources;
        this.tools = tools;
        this.store = store;
        this.caller = caller;
        this.trail = trail;
    }

    record RequestBackup(
            @NotNull @Pattern(regexp = Source.NAME, message = Source.NAME_MESSAGE)
            String source) {}

    /**
     * @param status running, completed or failed; completed means that it was read back and found whole
     * @param step while it runs: queued, dump, store or verify; afterwards where it failed
     * @param snapshotAt no change committed before it is missing
     * @param size of the stored object, in bytes
     * @param dumpSize before compression, in bytes
     * @param objects how many tables, indexes and so on a restore would create
     * @param tables how many tables come with their rows
     * @param verification of the newest reading back on request: requested, running, passed, failed or inconclusive
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BackupView(
            UUID id,
            String source,
            String application,
            String status,
            @Nullable String step,
            @Nullable String reason,
            Instant requestedAt,
            String requestedBy,
            @Nullable Instant startedAt,
            @Nullable Instant snapshotAt,
            @Nullable Instant finishedAt,
            @Nullable Duration duration,
            @Nullable Long size,
            @Nullable Long dumpSize,
            @Nullable String sha256,
            @Nullable String location,
            @Nullable String toolVersion,
            @Nullable Integer objects,
            @Nullable Integer tables,
            boolean verified,
            @Nullable Instant verifiedAt,
            @Nullable String verification,
            @Nullable String verificationReason) {}

    @POST
    @Transactional
    @Idempotent
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Audited("backup.request")
    public Response request(@NotNull @Valid RequestBackup wanted) {
        var source = sources.named(wanted.source())
                .orElseThrow(() -> Problem.invalid("source", "is not a registered source"));
        tools.require();
        var backup = backups.request(source, caller.id());
        trail.target(source.name())
                .application(source.application())
                .detail("backup", backup.id().toString());
        return accepted(backup);
    }

    @GET
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.OPERATOR, Roles.ADMIN})
    public Page<BackupView> list(
            @QueryParam("source") @Pattern(regexp = Source.NAME, message = Source.NAME_MESSAGE) @Nullable String source,
            @QueryParam("status") @Size(max = 20) @Nullable String status,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Size(max = 200) @Nullable String cursor) {
        var before = Cursor.read(cursor, UUID::fromString);
        var found = backups.page(source, statuses(status), before, limit + 1);
        return Page.of(found, limit, backup -> backup.id().toString(), this::view);
    }

    @GET
    @Path("/{id}")
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.OPERATOR, Roles.ADMIN})
    public BackupView one(@PathParam("id") UUID id) {
        return view(backups.findByIdOptional(id).orElseThrow(() -> Problem.notFound("backup")));
    }

    /** Reads it back again; the outcome is in the backup once it is known. */
    @POST
    @Path("/{id}/verify")
    @Transactional
    @RolesAllowed({Roles.OPERATOR, Roles.ADMIN})
    @Audited("backup.verify")
    public Response verify(@PathParam("id") UUID id) {
        var backup = backups.findByIdOptional(id, LockModeType.PESSIMISTIC_WRITE)
                .orElseThrow(() -> Problem.notFound("backup"));
        tools.require();
        backup.requestVerification();
        trail.target(backup.source()).application(backup.application()).detail("backup", id.toString());
        return accepted(backup);
    }

    private Response accepted(Backup backup) {
        return Response.accepted(view(backup))
                .location(URI.create("/api/v1/backups/" + backup.id()))
                .build();
    }

    private BackupView view(Backup backup) {
        var started = backup.startedAt();
        var finished = backup.finishedAt();
        var stored = backup.whatIsStored();
        return new BackupView(
                backup.id(),
                backup.source(),
                backup.application(),
                backup.isOver() ? label(backup.status()) : "running",
                backup.status() == Status.QUEUED ? "queued" : label(backup.step()),
                backup.reason(),
                backup.requestedAt(),
                backup.requestedBy(),
                started,
                backup.snapshotAt(),
                finished,
                started == null || finished == null ? null : Duration.between(started, finished),
                stored == null ? null : stored.size(),
                stored == null ? null : stored.dumpSize(),
                stored == null ? null : stored.sha256(),
                stored == null ? null : store.location(backup.objectKey()),
                backup.toolVersion(),
                backup.objects(),
                backup.tables(),
                backup.status() == Status.COMPLETED,
                backup.verifiedAt(),
                label(backup.verification()),
                backup.verificationReason());
    }

    private static @Nullable String label(@Nullable Enum<?> value) {
        return value == null ? null : value.name().toLowerCase(Locale.ROOT);
    }

    private static Set<Status> statuses(@Nullable String wanted) {
        return switch (wanted) {
            case null -> EnumSet.allOf(Status.class);
            case "running" -> EnumSet.of(Status.QUEUED, Status.RUNNING);
            case "completed" -> EnumSet.of(Status.COMPLETED);
            case "failed" -> EnumSet.of(Status.FAILED);
            default -> throw Problem.invalid("status", "must be running, completed or failed");
        };
    }
}
