package io.bulwark.ratelimit.gateway;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.StaleVersion;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.rule.RuleKind;
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
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jspecify.annotations.Nullable;

/** Gateways, as an administrator registers them. */
@Path("/api/v1/gateways")
@Tag(name = "Gateways")
class GatewayResource {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final Gateways gateways;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    GatewayResource(Gateways gateways, Rules rules, Caller caller, AuditTrail trail, InstantSource clock) {
        this.gateways = gateways;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * @param application whose requests it asks about; absent for the default one
     * @param settings what its word is worth and how it is answered; the defaults where absent
     */
    record GatewayRegistration(
            @NotNull @Pattern(regexp = NAME) String name,
            @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @Nullable @Valid GatewaySettings settings) {
        @Override
        public GatewaySettings settings() {
            return settings == null ? GatewaySettings.DEFAULT : settings;
        }
    }

    /** @param key how it proves itself; answered at registration only */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GatewayView(
            UUID id,
            String name,
            String application,
            GatewaySettings settings,
            Instant registeredAt,
            String registeredBy,
            @Nullable String key) {
        static GatewayView of(Gateway gateway) {
            return of(gateway, null);
        }

        static GatewayView of(Gateway gateway, @Nullable String key) {
            return new GatewayView(
                    gateway.id(),
                    gateway.name(),
                    gateway.application(),
                    gateway.settings(),
                    gateway.registeredAt(),
                    gateway.registeredBy(),
                    key);
        }
    }

    @POST
    @Transactional
    @Audited("gateway.register")
    @RolesAllowed(ADMIN)
    @APIResponse(
            responseCode = "201",
            description = "Registered; the key is not shown again",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = GatewayView.class)))
    public RestResponse<GatewayView> register(@NotNull @Valid GatewayRegistration registration) {
        var application = Scope.application(registration.application());
        trail.target(registration.name()).application(application);
        var key = GatewayKey.random();
        var gateway = new Gateway(
                registration.name(), application, key, registration.settings(), caller.id(), clock.instant());
        gateways.register(gateway);
        rules.changed(RuleKind.GATEWAY, application, gateway.name(), caller.id());
        return ResponseBuilder.create(Status.CREATED, GatewayView.of(gateway, key.text()))
                .location(URI.create("/api/v1/gateways/" + gateway.id()))
                .tag(gateway.tag())
                .header(HttpHeaders.CACHE_CONTROL, "no-store")
                .build();
    }

    @GET
    @RolesAllowed({AUDITOR, ADMIN})
    public Page<GatewayView> list(
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = gateways.list(Cursor.read(cursor, name -> name), limit + 1);
        return Page.of(found, limit, Gateway::name, GatewayView::of);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({AUDITOR, ADMIN})
    public RestResponse<GatewayView> get(UUID id) {
        return answer(gateways.find(id).orElseThrow(() -> Problem.notFound("gateway")));
    }

    /** Its settings change here at once and on every replica as soon as it is told; what is absent becomes the default. */
    @PUT
    @Path("/{id}/settings")
    @Transactional
    @Audited("gateway.change")
    @RolesAllowed(ADMIN)
    public RestResponse<GatewayView> change(
            UUID id,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch,
            @NotNull @Valid GatewaySettings settings) {
        var gateway = gateways.lock(id).orElseThrow(() -> Problem.notFound("gateway"));
        StaleVersion.refuse("gateway", ifMatch, gateway.tag());
        trail.target(gateway.name()).application(gateway.application());
        gateway.agree(settings);
        gateways.changed(gateway);
        rules.changed(RuleKind.GATEWAY, gateway.application(), gateway.name(), caller.id());
        return answer(gateway);
    }

    /** Its key stops working here at once and on every replica as soon as it is told. */
    @DELETE
    @Path("/{id}")
    @Transactional
    @Audited("gateway.remove")
    @RolesAllowed(ADMIN)
    public void remove(UUID id) {
        var gateway = gateways.remove(id).orElseThrow(() -> Problem.notFound("gateway"));
        trail.target(gateway.name()).application(gateway.application());
        rules.removed(RuleKind.GATEWAY, gateway.application(), gateway.name(), caller.id());
    }

    private static RestResponse<GatewayView> answer(Gateway gateway) {
        return ResponseBuilder.ok(GatewayView.of(gateway)).tag(gateway.tag()).build();
    }
}
