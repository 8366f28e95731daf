package io.bulwark.incident.containment;

import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.containment.Action.Order;
import io.bulwark.incident.incident.Incidents;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.idempotency.Idempotent;
import io.bulwark.kit.net.Network;
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
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jspecify.annotations.Nullable;

/** Orders over HTTP. */
@Path("/api/v1/incidents/{id}/actions")
@Tag(name = "Containment")
class ActionResource {
    /** No control characters; a line break is one. */
    private static final String LINE = "\\P{Cntrl}*";

    private final Actions actions;
    private final Incidents incidents;
    private final IncidentConfig.Containment config;
    private final Caller caller;
    private final AuditTrail audit;
    private final InstantSource clock;

    ActionResource(
            Actions actions,
            Incidents incidents,
            IncidentConfig config,
            Caller caller,
            AuditTrail audit,
            InstantSource clock) {
        this.actions = actions;
        this.incidents = incidents;
        this.config = config.containment();
        this.caller = caller;
        this.audit = audit;
        this.clock = clock;
    }

    /** Orders it; the outcome shows up here and on the timeline. */
    @POST
    @Transactional
    @ResponseStatus(202)
    @Idempotent
    @Audited("incident.action")
    @RolesAllowed({Roles.RESPONDER, Roles.ADMIN})
    @APIResponse(
            responseCode = "202",
            description = "Ordered",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = ActionView.class)))
    public ActionView order(@PathParam("id") UUID id, @Valid @NotNull OrderAction request) {
        var incident = incidents.locked(id);
        var now = clock.instant();
        var action = switch (request.type()) {
            case BLOCK ->
                Action.block(
                        id,
                        new Order(network(request.target()), request.reason()),
                        duration(request),
                        caller.id(),
                        now);
            case END_SESSIONS -> {
                if (request.duration() != null) {
                    throw Problem.invalid("duration", "is for blocks only: sessions end at once");
                }
                yield Action.endSessions(id, new Order(user(request.target()), request.reason()), caller.id(), now);
            }
        };
        audit.target(action.target())
                .application(incident.application())
                .detail("incident", id.toString())
                .detail("order", action.sentence())
                .detail("command", action.commandId().toString());
        actions.request(incident, action, caller.name() == null ? caller.id() : caller.name());
        return ActionView.of(action);
    }

    /** The oldest first. */
    @GET
    @Transactional
    @RolesAllowed({Roles.AUDITOR, Roles.RESPONDER, Roles.OPERATOR, Roles.ADMIN})
    public Page<ActionView> list(
            @PathParam("id") UUID id,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @QueryParam("cursor") @Nullable String cursor) {
        incidents.get(id);
        var found = actions.of(id, Cursor.read(cursor, UUID::fromString), limit + 1);
        return Page.of(found, limit, action -> action.commandId().toString(), ActionView::of);
    }

    private static String network(String target) {
        try {
            return Network.parse(target).toString();
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("target", "is no address or network: " + e.getMessage());
        }
    }

    private static String user(String target) {
        try {
            var id = UUID.fromString(target).toString();
            if (id.equalsIgnoreCase(target)) {
                return id;
            }
        } catch (IllegalArgumentException e) {
            // said below, as for what is only nearly a UUID
        }
        throw Problem.invalid("target", "is no user id");
    }

    private Duration duration(OrderAction request) {
        var duration = request.duration() == null ? config.blockDuration() : request.duration();
        if (duration.compareTo(Duration.ofSeconds(1)) < 0 || duration.compareTo(config.maxBlockDuration()) > 0) {
            throw Problem.invalid("duration", "must be between PT1S and " + config.maxBlockDuration());
        }
        return duration;
    }

    /**
     * An order.
     *
     * @param target an address or network to block, or the id of the user whose sessions end
     * @param duration of a block
     */
    record OrderAction(
            @NotNull Action.Type type,
            @NotBlank @Size(max = 100) String target,
            @Nullable Duration duration,

            @NotBlank @Size(max = 500) @Pattern(regexp = LINE)
            String reason) {}

    /** @param outcome what the service that did it says */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ActionView(
            UUID commandId,
            Action.Type type,
            String target,
            @Nullable Duration duration,
            String reason,
            String requestedBy,
            Instant requestedAt,
            Action.State state,
            @Nullable String outcome,
            @Nullable Instant finishedAt) {
        static ActionView of(Action action) {
            return new ActionView(
                    action.commandId(),
                    action.type(),
                    action.target(),
                    action.duration(),
                    action.reason(),
                    action.requestedBy(),
                    action.requestedAt(),
                    action.state(),
                    action.outcome(),
                    action.finishedAt());
        }
    }
}
