package io.bulwark.ratelimit.block;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.idempotency.Idempotent;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.page.TimePosition;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import io.bulwark.ratelimit.prefix.DangerousTarget;
import io.bulwark.ratelimit.prefix.Scope;
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
import jakarta.ws.rs.core.Response;
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
import org.jspecify.annotations.Nullable;

/** Blocks, as people place, read and end them. */
@Path("/api/v1/blocks")
@Tag(name = "Blocks")
class BlockResource {
    private static final String PRINTABLE = "[^\\p{Cntrl}]*";

    private final Blocks blocks;
    private final BlockTable table;
    private final TargetPolicy targets;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    BlockResource(
            Blocks blocks,
            BlockTable table,
            TargetPolicy targets,
            Caller caller,
            AuditTrail trail,
            InstantSource clock) {
        this.blocks = blocks;
        this.table = table;
        this.targets = targets;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * An order to block.
     *
     * @param target an address or a network in CIDR notation
     * @param endpoint the one endpoint it is to hold for; absent for all of them
     * @param application behind whose gateways it is to hold; absent for the default one
     * @param remediation what gateways that can do more than refuse do; absent for a ban
     * @param force block even what is dangerous to block
     */
    record BlockOrder(
            @NotNull @Size(max = 64) String target,

            @NotBlank @Size(max = 500) @Pattern(regexp = PRINTABLE)
            String reason,

            @NotNull @DurationMin(seconds = NewBlock.SHORTEST_SECONDS) @DurationMax(days = NewBlock.LONGEST_DAYS)
            Duration duration,

            @Nullable @Pattern(regexp = Scope.ENDPOINT) String endpoint,
            @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @Nullable Remediation remediation,
            boolean force) {

        NewBlock by(String author, Instant at) {
            var scope = new Scope(Scope.application(application), endpoint);
            return new NewBlock(network(target), scope, reason, null, author, at, duration)
                    .with(remediation == null ? Remediation.BAN : remediation);
        }
    }

    @POST
    @Transactional
    @Idempotent
    @Audited("block.create")
    @RolesAllowed({RESPONDER, ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "Blocked",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = BlockView.class)))
    @APIResponse(
            responseCode = "200",
            description = "Was blocked before; lengthened where this order lasts longer",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = BlockView.class)))
    @APIResponse(responseCode = "507", description = "There is no room for more blocks")
    public Response block(@NotNull @Valid BlockOrder order) {
        var wanted = order.by(caller.id(), clock.instant());
        trail.target(wanted.target().toString()).application(wanted.scope().application());
        if (!order.force()) {
            targets.danger(wanted.target(), wanted.scope().application()).ifPresent(danger -> {
                throw new DangerousTarget(wanted.target(), danger);
            });
        }
        var placed = blocks.place(wanted);
        if (placed.change() == Blocks.Change.NO_ROOM) {
            throw new BlocksFull();
        }
        var location = URI.create("/api/v1/blocks/" + placed.block().id());
        var response = placed.change() == Blocks.Change.BEGUN
                ? Response.created(location)
                : Response.ok().location(location);
        return response.entity(BlockView.of(placed.block(), clock.instant())).build();
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<BlockView> list(
            @QueryParam("target") @Nullable @Size(max = 64) String target,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("active") @Nullable @Pattern(regexp = "true|false") String active,
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var covering = target == null ? null : network(target);
        var inForce = active == null ? null : Boolean.valueOf(active);
        var found = blocks.list(covering, application, inForce, TimePosition.read(cursor), limit + 1);
        var now = clock.instant();
        return Page.of(
                found,
                limit,
                block -> new TimePosition(block.blockedAt(), block.id()).toString(),
                block -> BlockView.of(block, now));
    }

    /** @param active blocks in force, of addresses and of networks */
    record BlockCount(int active, Instant at) {}

    /** How many blocks are in force, from memory: what gateways are told at this moment. */
    @GET
    @Path("/count")
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public BlockCount count(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        var now = clock.instant();
        return new BlockCount(table.inForce(application, now), now);
    }

    @GET
    @Path("/{id}")
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public BlockView get(UUID id) {
        return blocks.find(id)
                .map(block -> BlockView.of(block, clock.instant()))
                .orElseThrow(() -> Problem.notFound("block"));
    }

    /** Ends a block; one that has ended stays ended. */
    @DELETE
    @Path("/{id}")
    @Transactional
    @Audited("block.delete")
    @RolesAllowed({RESPONDER, ADMIN})
    public void unblock(
            UUID id,
            @QueryParam("reason") @DefaultValue("unblocked") @Size(max = 500) @Pattern(regexp = PRINTABLE)
                    String reason) {
        var block = blocks.lift(id, reason, caller.id()).orElseThrow(() -> Problem.notFound("block"));
        trail.target(block.target().toString()).application(block.application());
    }

    private static Network network(String target) {
        return RequestField.parse("target", target, Network::parse);
    }
}
