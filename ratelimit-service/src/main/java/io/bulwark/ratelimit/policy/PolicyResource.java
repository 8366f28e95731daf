package io.bulwark.ratelimit.policy;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.StaleVersion;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RulePosition;
import io.bulwark.ratelimit.rule.Rules;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Instant;
import java.time.InstantSource;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jspecify.annotations.Nullable;

/** Policies, as operators write them; in force on every replica moments later. */
@Path("/api/v1/policies")
@Tag(name = "Policies")
class PolicyResource {
    /** A name, or one that stands for every endpoint without a policy of its own. */
    private static final String ENDPOINT = "\\*|" + Scope.ENDPOINT;

    private final Policies policies;
    private final LogBudget logs;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    PolicyResource(
            Policies policies, LogBudget logs, Rules rules, Caller caller, AuditTrail trail, InstantSource clock) {
        this.policies = policies;
        this.logs = logs;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /** A policy and whose it is. */
    record PolicyView(
            String application,
            String endpoint,
            @JsonUnwrapped PolicyRule rule,
            long version,
            Instant changedAt,
            String changedBy) {
        static PolicyView of(Policy policy) {
            return new PolicyView(
                    policy.application(),
                    policy.endpoint(),
                    policy.rule(),
                    policy.version(),
                    policy.changedAt(),
                    policy.changedBy());
        }
    }

    /** What was counted goes on where a limit keeps its name. */
    @PUT
    @Path("/{endpoint}")
    @Transactional
    @Audited("policy.change")
    @RolesAllowed({OPERATOR, ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "New",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = PolicyView.class)))
    @APIResponse(responseCode = "200", description = "Changed")
    public RestResponse<PolicyView> put(
            @PathParam("endpoint") @Pattern(regexp = ENDPOINT) String endpoint,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch,
            @NotNull @Valid PolicyRule rule) {
        rule.requireSense();
        var owner = Scope.application(application);
        trail.target(endpoint).application(owner);
        policies.hold();
        var known = policies.find(owner, endpoint);
        StaleVersion.refuse("policy", ifMatch, known.map(Policy::version).orElse(0L));
        logs.require(owner, endpoint, rule);
        var version = rules.changed(RuleKind.POLICY, owner, endpoint, caller.id());
        var policy = new Policy(owner, endpoint, rule, version, clock.instant(), caller.id());
        policies.put(policy);
        return answer(known.isEmpty() ? Status.CREATED : Status.OK, policy);
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<PolicyView> list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 300) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = policies.list(application, RulePosition.read(cursor), limit + 1);
        return Page.of(
                found,
                limit,
                policy -> new RulePosition(policy.application(), policy.endpoint()).toString(),
                PolicyView::of);
    }

    @GET
    @Path("/{endpoint}")
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public RestResponse<PolicyView> get(
            @PathParam("endpoint") @Pattern(regexp = ENDPOINT) String endpoint,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        return answer(
                Status.OK,
                policies.find(Scope.application(application), endpoint).orElseThrow(() -> Problem.notFound("policy")));
    }

    /** From now on the endpoint has the application's general limits, or none. */
    @DELETE
    @Path("/{endpoint}")
    @Transactional
    @Audited("policy.remove")
    @RolesAllowed({OPERATOR, ADMIN})
    public void remove(
            @PathParam("endpoint") @Pattern(regexp = ENDPOINT) String endpoint,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch) {
        var owner = Scope.application(application);
        trail.target(endpoint).application(owner);
        policies.hold();
        var known = policies.find(owner, endpoint).orElseThrow(() -> Problem.notFound("policy"));
        StaleVersion.refuse("policy", ifMatch, known.version());
        policies.remove(owner, endpoint);
        rules.removed(RuleKind.POLICY, owner, endpoint, caller.id());
    }

    private static RestResponse<PolicyView> answer(Status status, Policy policy) {
        return ResponseBuilder.create(status, PolicyView.of(policy))
                .tag(Long.toString(policy.version()))
                .build();
    }
}
