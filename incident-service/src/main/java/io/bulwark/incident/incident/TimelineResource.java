package io.bulwark.incident.incident;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;
import static java.time.temporal.ChronoUnit.MICROS;

import io.bulwark.incident.incident.TimelineEntry.Kind;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.idempotency.Idempotent;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** The timeline of an incident over HTTP. */
@Path("/api/v1/incidents/{id}/timeline")
@Tag(name = "Timeline")
class TimelineResource {
    private final Incidents incidents;
    private final Timeline timeline;
    private final Caller caller;
    private final AuditTrail audit;
    private final InstantSource clock;

    TimelineResource(Incidents incidents, Timeline timeline, Caller caller, AuditTrail audit, InstantSource clock) {
        this.incidents = incidents;
        this.timeline = timeline;
        this.caller = caller;
        this.audit = audit;
        this.clock = clock;
    }

    /** In the order in which it was written down. */
    @GET
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN})
    public Page<EntryView> read(
            @PathParam("id") UUID id,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        incidents.get(id);
        var found = timeline.read(id, Cursor.read(cursor, Long::valueOf), limit + 1);
        return Page.of(found, limit, entry -> Long.toString(entry.seq()), EntryView::of);
    }

    /** Adds a note, of now or of something that happened earlier; also to an incident that is closed. */
    @POST
    @Transactional
    @ResponseStatus(201)
    @Idempotent
    @Audited("incident.note")
    @RolesAllowed({Roles.RESPONDER, Roles.ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "Added",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = EntryView.class)))
    public EntryView note(@PathParam("id") UUID id, @Valid @NotNull Note note) {
        var incident = incidents.get(id);
        var now = clock.instant();
        var occurredAt = (note.occurredAt() == null ? now : note.occurredAt()).truncatedTo(MICROS);
        if (occurredAt.isAfter(now)) {
            throw Problem.invalid("occurredAt", "must not be in the future");
        }
        if (occurredAt.isBefore(Instant.EPOCH)) {
            throw Problem.invalid("occurredAt", "must not be before 1970");
        }
        audit.target(id.toString()).application(incident.application());
        var author = caller.name() == null ? caller.id() : caller.name();
        return EntryView.of(timeline.append(id, Kind.NOTE, note.text(), author, occurredAt));
    }

    /** @param occurredAt now unless said */
    record Note(
            @NotBlank @Size(max = 4000) @Pattern(regexp = IncidentResource.TEXT)
            String text,

            @Nullable Instant occurredAt) {}

    /**
     * A line of the timeline.
     *
     * @param occurredAt when it happened
     * @param recordedAt when it was written down
     */
    record EntryView(long seq, Kind kind, String text, String author, Instant occurredAt, Instant recordedAt) {
        static EntryView of(TimelineEntry entry) {
            return new EntryView(
                    entry.seq(), entry.kind(), entry.text(), entry.author(), entry.occurredAt(), entry.recordedAt());
        }
    }
}
