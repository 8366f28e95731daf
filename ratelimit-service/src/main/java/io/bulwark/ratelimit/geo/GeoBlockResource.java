package io.bulwark.ratelimit.geo;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.bulwark.events.EventIds;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.prefix.Scope;
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
import java.time.temporal.ChronoUnit;
import java.util.List;
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

/** Countries and autonomous systems that an application refuses. */
@Path("/api/v1/geo-blocks")
@Tag(name = "Geo blocks")
class GeoBlockResource {
    private static final long LARGEST_ASN = 0xFFFF_FFFFL;

    private final GeoBlocks blocks;
    private final GeoDatabases databases;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    GeoBlockResource(
            GeoBlocks blocks,
            GeoDatabases databases,
            Rules rules,
            Caller caller,
            AuditTrail trail,
            InstantSource clock) {
        this.blocks = blocks;
        this.databases = databases;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * An order to refuse a country or an autonomous system.
     *
     * @param country its two letters of ISO 3166, in capitals; this or {@code asn}
     * @param asn the number of an autonomous system
     * @param application behind whose gateways; absent for the default one
     * @param endpoint the one endpoint it is to hold for; absent for all of them
     * @param duration absent for good
     */
    record GeoBlockOrder(
            @Nullable @Pattern(regexp = "[A-Z]{2}") String country,
            @Nullable @Min(1) @Max(LARGEST_ASN) Long asn,
            @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @Nullable @Pattern(regexp = Scope.ENDPOINT) String endpoint,

            @NotBlank @Size(max = 500) @Pattern(regexp = "[^\\p{Cntrl}]*")
            String reason,

            @Nullable @DurationMin(seconds = NewBlock.SHORTEST_SECONDS) @DurationMax(days = NewBlock.LONGEST_DAYS)
            Duration duration) {

        GeoBlock by(String author, Instant now) {
            if ((country == null) == (asn == null)) {
                throw Problem.invalid("country", "or asn must be there, and only one of them");
            }
            var at = now.truncatedTo(ChronoUnit.MICROS);
            return new GeoBlock(
                    EventIds.next(),
                    new GeoTarget(country, asn),
                    new Scope(Scope.application(application), endpoint),
                    reason,
                    author,
                    at,
                    duration == null ? null : at.plus(duration).truncatedTo(ChronoUnit.MICROS));
        }
    }

    /**
     * A geo block.
     *
     * @param until absent for good
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record GeoBlockView(
            UUID id,
            @Nullable String country,
            @Nullable Long asn,
            String application,
            @Nullable String endpoint,
            String reason,
            String author,
            Instant blockedAt,
            @Nullable Instant until) {
        static GeoBlockView of(GeoBlock block) {
            return new GeoBlockView(
                    block.id(),
                    block.target().country(),
                    block.target().asn(),
                    block.scope().application(),
                    block.scope().endpoint(),
                    block.reason(),
                    block.author(),
                    block.blockedAt(),
                    block.until());
        }
    }

    /**
     * The geo blocks, and the databases of the replica that answers.
     *
     * @param databases without which no geo block can be enforced
     */
    record GeoBlockPage(@JsonUnwrapped Page<GeoBlockView> page, List<GeoDatabaseStatus> databases) {}

    /** The same target in the same scope again replaces what was ordered before. */
    @POST
    @Transactional
    @Audited("geo-block.create")
    @RolesAllowed({RESPONDER, ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "Refused",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = GeoBlockView.class)))
    @APIResponse(responseCode = "200", description = "Was refused before; as ordered now")
    @APIResponse(responseCode = "409", description = "There is no database that knows who is in it")
    public RestResponse<GeoBlockView> block(@NotNull @Valid GeoBlockOrder order) {
        var wanted = order.by(caller.id(), clock.instant());
        var application = wanted.scope().application();
        trail.target(wanted.target().toString()).application(application);
        var database = databases.of(wanted.target().kind());
        if (!database.isAvailable()) {
            throw new GeoDatabaseMissing(database.status());
        }
        var placed = blocks.put(wanted);
        rules.changed(RuleKind.GEO_BLOCK, application, wanted.target().toString(), caller.id());
        var status = placed.id().equals(wanted.id()) ? Status.CREATED : Status.OK;
        return ResponseBuilder.create(status, GeoBlockView.of(placed))
                .location(URI.create("/api/v1/geo-blocks/" + placed.id()))
                .build();
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public GeoBlockPage list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = blocks.list(application, Cursor.read(cursor, UUID::fromString), clock.instant(), limit + 1);
        var page = Page.of(found, limit, block -> block.id().toString(), GeoBlockView::of);
        return new GeoBlockPage(page, databases.status());
    }

    @DELETE
    @Path("/{id}")
    @Transactional
    @Audited("geo-block.delete")
    @RolesAllowed({RESPONDER, ADMIN})
    public void unblock(UUID id) {
        var block = blocks.remove(id).orElseThrow(() -> Problem.notFound("geo block"));
        trail.target(block.target().toString()).application(block.scope().application());
        rules.removed(
                RuleKind.GEO_BLOCK, block.scope().application(), block.target().toString(), caller.id());
    }
}
