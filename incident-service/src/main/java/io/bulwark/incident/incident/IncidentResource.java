package io.bulwark.incident.incident;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;
import static java.time.temporal.ChronoUnit.MICROS;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.bulwark.events.Envelope;
import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.incident.Incidents.Filter;
import io.bulwark.incident.incident.Incidents.Person;
import io.bulwark.incident.incident.TimelineResource.EntryView;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.idempotency.Idempotent;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.StaleVersion;
import jakarta.annotation.security.RolesAllowed;
import jakarta.persistence.EntityManager;
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
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** Incidents over HTTP. */
@Path("/api/v1/incidents")
@Tag(name = "Incidents")
class IncidentResource {
    /** No control characters; a line break is one. */
    static final String LINE = "\\P{Cntrl}*";

    /** PostgreSQL keeps no NUL. */
    static final String TEXT = "[^\\x00]*";

    /** Names of applications. */
    static final String APPLICATION = "[A-Za-z0-9][A-Za-z0-9._-]{0,62}";

    private static final int SHOWN_ENTRIES = 200;

    private final Incidents incidents;
    private final Timeline timeline;
    private final Caller caller;
    private final AuditTrail audit;
    private final EntityManager entities;
    private final InstantSource clock;

    IncidentResource(
            Incidents incidents,
            Timeline timeline,
            Caller caller,
            AuditTrail audit,
            EntityManager entities,
            InstantSource clock) {
        this.incidents = incidents;
        this.timeline = timeline;
        this.caller = caller;
        this.audit = audit;
        this.entities = entities;
        this.clock = clock;
    }

    /** The newest first. */
    @GET
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN})
    public Page<IncidentView> list(
            @QueryParam("status") @Nullable String status,
            @QueryParam("severity") @Nullable String severity,
            @QueryParam("application") @Pattern(regexp = APPLICATION) @Nullable String application,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        var filter = new Filter(
                oneOf("status", Status.values(), Status::label, status),
                oneOf("severity", Severity.values(), Severity::name, severity),
                application);
        var found = incidents.list(filter, Cursor.read(cursor, Long::valueOf), limit + 1);
        return Page.of(found, limit, incident -> Long.toString(incident.number()), IncidentView::of);
    }

    /** A person opens an incident. */
    @POST
    @Transactional
    @Idempotent
    @Audited("incident.open")
    @RolesAllowed({Roles.RESPONDER, Roles.ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "Opened",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = IncidentView.class)))
    public Response open(@Valid @NotNull OpenIncident request) {
        // In microseconds, as Postgres keeps it: the event says what is read later.
        var detectedAt = (request.detectedAt() == null ? clock.instant() : request.detectedAt()).truncatedTo(MICROS);
        if (detectedAt.isAfter(clock.instant())) {
            throw Problem.invalid("detectedAt", "must not be in the future");
        }
        if (detectedAt.isBefore(Instant.EPOCH)) {
            throw Problem.invalid("detectedAt", "must not be before 1970");
        }
        var application = request.application() == null ? Envelope.DEFAULT_APPLICATION : request.application();
        var incident = incidents.open(new Opening(
                application,
                request.title(),
                request.severity(),
                null,
                null,
                detectedAt,
                request.description() == null ? request.title() : request.description(),
                person().name()));
        audited(incident).detail("severity", incident.severity().name());
        return Response.created(URI.create("/api/v1/incidents/" + incident.id()))
                .tag(Long.toString(incident.version()))
                .entity(IncidentView.of(incident))
                .build();
    }

    /** The incident and the beginning of its timeline; the whole of it is at {@code /timeline}. */
    @GET
    @Path("/{id}")
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN})
    public RestResponse<IncidentWithTimeline> get(@PathParam("id") UUID id) {
        var incident = incidents.get(id);
        var entries = timeline.read(id, null, SHOWN_ENTRIES).stream()
                .map(EntryView::of)
                .toList();
        return ResponseBuilder.ok(new IncidentWithTimeline(IncidentView.of(incident), entries))
                .tag(Long.toString(incident.version()))
                .build();
    }

    /** The caller takes it; the clock stops. */
    @POST
    @Path("/{id}/acknowledge")
    @Transactional
    @Audited("incident.acknowledge")
    @RolesAllowed({Roles.RESPONDER, Roles.ADMIN})
    public RestResponse<IncidentView> acknowledge(
            @PathParam("id") UUID id, @HeaderParam("If-Match") @Nullable String ifMatch) {
        return change(id, ifMatch, incident -> incidents.acknowledge(incident, person()));
    }

    /** It is over. */
    @POST
    @Path("/{id}/resolve")
    @Transactional
    @Audited("incident.resolve")
    @RolesAllowed({Roles.RESPONDER, Roles.ADMIN})
    public RestResponse<IncidentView> resolve(
            @PathParam("id") UUID id,
            @HeaderParam("If-Match") @Nullable String ifMatch,
            @Valid @NotNull ResolveIncident request) {
        return change(id, ifMatch, incident -> incidents.resolve(incident, person(), request.resolution()));
    }

    /** Nothing is left to do. */
    @POST
    @Path("/{id}/close")
    @Transactional
    @Audited("incident.close")
    @RolesAllowed({Roles.RESPONDER, Roles.ADMIN})
    public RestResponse<IncidentView> close(
            @PathParam("id") UUID id, @HeaderParam("If-Match") @Nullable String ifMatch) {
        return change(id, ifMatch, incident -> incidents.close(incident, person()));
    }

    private RestResponse<IncidentView> change(UUID id, @Nullable String ifMatch, Consumer<Incident> what) {
        var incident = incidents.locked(id);
        StaleVersion.refuse("incident", ifMatch, incident.version());
        audited(incident);
        what.accept(incident);
        entities.flush();
        return ResponseBuilder.ok(IncidentView.of(incident))
                .tag(Long.toString(incident.version()))
                .build();
    }

    private AuditTrail audited(Incident incident) {
        return audit.target(incident.id().toString()).application(incident.application());
    }

    private Person person() {
        var name = caller.name();
        return new Person(caller.id(), name == null ? caller.id() : name);
    }

    private static <T> @Nullable T oneOf(String field, T[] values, Function<T, String> label, @Nullable String text) {
        if (text == null || text.isEmpty()) {
            return null;
        }
        return Arrays.stream(values)
                .filter(value -> label.apply(value).equals(text))
                .findFirst()
                .orElseThrow(() -> Problem.invalid(
                        field,
                        "must be one of "
                                + String.join(
                                        ", ", Arrays.stream(values).map(label).toList())));
    }

    /**
     * What a person opens an incident with.
     *
     * @param application {@code default} unless said
     * @param description the first line of the timeline; the title unless said
     * @param detectedAt now unless said
     */
    record OpenIncident(
            @NotBlank @Size(max = 200) @Pattern(regexp = LINE)
            String title,

            @NotNull Severity severity,
            @Nullable @Pattern(regexp = APPLICATION) String application,

            @Nullable @Size(max = 4000) @Pattern(regexp = TEXT)
            String description,

            @Nullable Instant detectedAt) {}

    /** How it was resolved. */
    record ResolveIncident(
            @NotBlank @Size(max = 4000) @Pattern(regexp = TEXT)
            String resolution) {}

    record IncidentWithTimeline(@JsonUnwrapped IncidentView incident, List<EntryView> timeline) {}
}
