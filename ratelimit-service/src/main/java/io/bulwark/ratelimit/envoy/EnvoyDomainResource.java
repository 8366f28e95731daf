package io.bulwark.ratelimit.envoy;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;
import static jakarta.ws.rs.core.MediaType.TEXT_PLAIN;

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
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
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

/** The limits of Envoy's rate limit domains, as operators put them; in force on every replica moments later. */
@Path("/api/v1/envoy-domains")
@Tag(name = "Envoy domains")
class EnvoyDomainResource {
    private static final String YAML = "application/yaml";
    static final String DOMAIN = "[^/\\p{Cc}]{1,255}";

    /** Characters of all domains together: they are in the memory of every replica. */
    private static final long LARGEST_TOGETHER = 1 << 24;

    private final EnvoyDomains domains;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    EnvoyDomainResource(EnvoyDomains domains, Rules rules, Caller caller, AuditTrail trail, InstantSource clock) {
        this.domains = domains;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /** A domain and whose it is, without its limits. */
    record EnvoyDomainView(String application, String domain, long version, Instant changedAt, String changedBy) {
        static EnvoyDomainView of(EnvoyDomain domain) {
            return new EnvoyDomainView(
                    domain.application(), domain.domain(), domain.version(), domain.changedAt(), domain.changedBy());
        }
    }

    /** One of envoyproxy/ratelimit's files, as it is. What was counted goes on where a descriptor keeps its place. */
    @PUT
    @Path("/{domain}")
    @Consumes({YAML, "application/x-yaml", "text/yaml", "text/x-yaml", TEXT_PLAIN})
    @Transactional
    @Audited("envoy-domain.change")
    @RolesAllowed({OPERATOR, ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "New",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = EnvoyDomainView.class)))
    @APIResponse(responseCode = "200", description = "Changed")
    public RestResponse<EnvoyDomainView> put(
            @PathParam("domain") @Pattern(regexp = DOMAIN) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch,
            @NotNull @Size(max = DomainFile.LARGEST) String yaml) {
        var owner = Scope.application(application);
        trail.target(name).application(owner);
        requireSense(owner, name, yaml);
        domains.hold();
        var known = domains.find(owner, name);
        StaleVersion.refuse("domain", ifMatch, known.map(EnvoyDomain::version).orElse(0L));
        if (domains.sizeOfOthers(owner, name) + yaml.length() > LARGEST_TOGETHER) {
            throw Problem.invalid("body", "all domains together would have more than 16 Mi characters");
        }
        var version = rules.changed(RuleKind.ENVOY_DOMAIN, owner, name, caller.id());
        var domain = new EnvoyDomain(owner, name, yaml, version, clock.instant(), caller.id());
        domains.put(domain);
        return ResponseBuilder.create(known.isEmpty() ? Status.CREATED : Status.OK, EnvoyDomainView.of(domain))
                .tag(Long.toString(version))
                .build();
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<EnvoyDomainView> list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 600) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = domains.list(application, RulePosition.read(cursor), limit + 1);
        return Page.of(
                found,
                limit,
                domain -> new RulePosition(domain.application(), domain.domain()).toString(),
                EnvoyDomainView::of);
    }

    /** As it was put. */
    @GET
    @Path("/{domain}")
    @Produces(YAML)
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public RestResponse<String> get(
            @PathParam("domain") @Pattern(regexp = DOMAIN) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        var domain = domains.find(Scope.application(application), name).orElseThrow(() -> Problem.notFound("domain"));
        return ResponseBuilder.ok(domain.yaml())
                .tag(Long.toString(domain.version()))
                .build();
    }

    /** From now on the domain has the limits that a file says, or none. */
    @DELETE
    @Path("/{domain}")
    @Transactional
    @Audited("envoy-domain.remove")
    @RolesAllowed({OPERATOR, ADMIN})
    public void remove(
            @PathParam("domain") @Pattern(regexp = DOMAIN) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch) {
        var owner = Scope.application(application);
        trail.target(name).application(owner);
        domains.hold();
        var known = domains.find(owner, name).orElseThrow(() -> Problem.notFound("domain"));
        StaleVersion.refuse("domain", ifMatch, known.version());
        domains.remove(owner, name);
        rules.removed(RuleKind.ENVOY_DOMAIN, owner, name, caller.id());
    }

    private static void requireSense(String application, String name, String yaml) {
        try {
            var domain = DomainFile.read(application, yaml).domain();
            if (!domain.equals(name)) {
                throw Problem.invalid("body", "is about another domain than the path");
            }
        } catch (InvalidDomainFile e) {
            throw Problem.invalid("body", String.valueOf(e.getMessage()));
        }
    }
}
