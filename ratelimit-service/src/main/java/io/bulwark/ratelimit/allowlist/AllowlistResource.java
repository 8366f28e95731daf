package io.bulwark.ratelimit.allowlist;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.events.EventIds;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import io.bulwark.ratelimit.prefix.DangerousTarget;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.prefix.WidePrefix;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jspecify.annotations.Nullable;

/** The allowlist, as people keep it; in force on every replica moments later. */
@Path("/api/v1/allowlist")
@Tag(name = "Allowlist")
class AllowlistResource {
    private static final String PRINTABLE = "[^\\p{Cntrl}]*";

    private final Allowances allowances;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    AllowlistResource(Allowances allowances, Rules rules, Caller caller, AuditTrail trail, InstantSource clock) {
        this.allowances = allowances;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * Whom to serve whatever else is said.
     *
     * @param target an address or a network in CIDR notation
     * @param duration absent: until somebody takes it back
     * @param endpoint the one endpoint it is to hold for; absent for all of them
     * @param application behind whose gateways it is to hold; absent for the default one
     * @param force allow even more addresses than anybody should
     */
    record AllowanceOrder(
            @NotNull @Size(max = 64) String target,

            @NotBlank @Size(max = 500) @Pattern(regexp = PRINTABLE)
            String reason,

            @Nullable @DurationMin(nanos = 1) @DurationMax(days = 3_653)
            Duration duration,

            @Nullable @Pattern(regexp = Scope.ENDPOINT) String endpoint,
            @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            boolean force) {

        Allowance by(String author, Instant now) {
            var scope = new Scope(Scope.application(application), endpoint);
            var until = duration == null ? null : now.plus(duration);
            return new Allowance(
                    EventIds.next(),
                    RequestField.parse("target", target, Network::parse),
                    scope,
                    reason,
                    author,
                    now,
                    until);
        }
    }

    /** An allowance that is in force. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record AllowanceView(
            UUID id,
            Network target,
            String application,
            @Nullable String endpoint,
            String reason,
            String author,
            Instant since,
            @Nullable Instant until) {
        static AllowanceView of(Allowance allowance) {
            return new AllowanceView(
                    allowance.id(),
                    allowance.target(),
                    allowance.scope().application(),
                    allowance.scope().endpoint(),
                    allowance.reason(),
                    allowance.author(),
                    allowance.since(),
                    allowance.until());
        }
    }

    @POST
    @Transactional
    @Audited("allowance.create")
    @RolesAllowed({RESPONDER, OPERATOR, ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "Allowed",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = AllowanceView.class)))
    @APIResponse(responseCode = "200", description = "Was allowed before, and is as this order says from now on")
    public RestResponse<AllowanceView> allow(@NotNull @Valid AllowanceOrder order) {
        var wanted = order.by(caller.id(), clock.instant());
        trail.target(wanted.target().toString()).application(wanted.scope().application());
        if (!order.force()) {
            WidePrefix.danger(wanted.target()).ifPresent(danger -> {
                throw new DangerousTarget(wanted.target(), danger);
            });
        }
        var allowance = allowances.put(wanted);
        rules.changed(RuleKind.ALLOWANCE, allowance.scope().application(), allowance.name(), caller.id());
        var status = allowance.id().equals(wanted.id()) ? Status.CREATED : Status.OK;
        return ResponseBuilder.create(status, AllowanceView.of(allowance))
                .location(URI.create("/api/v1/allowlist/" + allowance.id()))
                .build();
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<AllowanceView> list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = allowances.list(application, Cursor.read(cursor, UUID::fromString), clock.instant(), limit + 1);
        return Page.of(found, limit, allowance -> allowance.id().toString(), AllowanceView::of);
    }

    /** What else is said of the client counts again. */
    @DELETE
    @Path("/{id}")
    @Transactional
    @Audited("allowance.remove")
    @RolesAllowed({RESPONDER, OPERATOR, ADMIN})
    public void remove(UUID id) {
        var allowance = allowances.remove(id).orElseThrow(() -> Problem.notFound("allowance"));
        trail.target(allowance.target().toString())
                .application(allowance.scope().application());
        rules.removed(RuleKind.ALLOWANCE, allowance.scope().application(), allowance.name(), caller.id());
    }
}
