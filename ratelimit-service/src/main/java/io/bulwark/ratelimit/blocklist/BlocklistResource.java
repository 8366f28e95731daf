package io.bulwark.ratelimit.blocklist;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
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
import jakarta.ws.rs.POST;
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
import org.jboss.resteasy.reactive.ResponseStatus;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;
import org.jspecify.annotations.Nullable;

/** Lists of others that an application subscribes to. */
@Path("/api/v1/blocklists")
@Tag(name = "Blocklists")
class BlocklistResource {
    private static final String NAME = "[A-Za-z0-9][A-Za-z0-9._-]{0,63}";

    private final Blocklists lists;
    private final SourceGuard guard;
    private final BlocklistConfig config;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    BlocklistResource(
            Blocklists lists,
            SourceGuard guard,
            BlocklistConfig config,
            Rules rules,
            Caller caller,
            AuditTrail trail,
            InstantSource clock) {
        this.lists = lists;
        this.guard = guard;
        this.config = config;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /** How a list is. */
    enum BlocklistState {
        /** It was not fetched yet. */
        @JsonProperty("pending")
        PENDING,
        @JsonProperty("current")
        CURRENT,
        /** The last attempt failed; what was fetched before is in force. */
        @JsonProperty("failing")
        FAILING,
        /** It could not be fetched for so long that nothing of it is in force any more. */
        @JsonProperty("stale")
        STALE
    }

    /**
     * A list and what became of it.
     *
     * @param entries networks that it names and that may be blocked
     * @param refused lines that name no network, or one that must not be blocked
     * @param sha256 of what it holds, the same for the same networks
     * @param fetchedAt when its source last said that this is the list
     * @param staleAt until when its entries hold where it cannot be fetched again
     * @param failure of the last attempt; absent where it succeeded
     * @param failures in a row
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record BlocklistView(
            String application,
            String name,
            @JsonUnwrapped BlocklistSettings settings,
            BlocklistState state,
            int entries,
            int refused,
            @Nullable String sha256,
            @Nullable Instant fetchedAt,
            @Nullable Instant staleAt,
            @Nullable Instant attemptedAt,
            Instant nextAt,
            @Nullable String failure,
            int failures,
            long version,
            Instant changedAt,
            String changedBy) {
        static BlocklistView of(Blocklist list, Instant now) {
            var progress = list.progress();
            return new BlocklistView(
                    list.application(),
                    list.name(),
                    list.settings(),
                    state(list, now),
                    progress.entries(),
                    progress.refused(),
                    progress.sha256(),
                    progress.fetchedAt(),
                    list.staleAt(),
                    progress.attemptedAt(),
                    progress.nextAt(),
                    progress.failure(),
                    progress.failures(),
                    list.version(),
                    list.changedAt(),
                    list.changedBy());
        }

        private static BlocklistState state(Blocklist list, Instant now) {
            var staleAt = list.staleAt();
            if (staleAt != null && !staleAt.isAfter(now)) {
                return BlocklistState.STALE;
            }
            if (list.progress().failure() != null) {
                return BlocklistState.FAILING;
            }
            return staleAt == null ? BlocklistState.PENDING : BlocklistState.CURRENT;
        }
    }

    /** Subscribes, or changes the settings. It is fetched at once; what it held of another URL or format is forgotten. */
    @PUT
    @Path("/{name}")
    @Transactional
    @Audited("blocklist.change")
    @RolesAllowed({OPERATOR, ADMIN})
    @APIResponse(
            responseCode = "201",
            description = "Subscribed",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = BlocklistView.class)))
    @APIResponse(responseCode = "200", description = "Changed")
    public RestResponse<BlocklistView> put(
            @PathParam("name") @Pattern(regexp = NAME) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch,
            @NotNull @Valid BlocklistSettings settings) {
        var owner = owner(application, name);
        trail.detail("url", settings.url());
        settings.requireSense(config.maxEntries());
        guard.objection(settings.url()).ifPresent(why -> {
            throw Problem.invalid("url", why);
        });
        lists.hold();
        var known = lists.find(owner, name);
        if (known.isEmpty() && lists.all().size() >= config.maxLists()) {
            throw new Problem(409, "too-many-blocklists", "There are " + config.maxLists() + " lists already");
        }
        StaleVersion.refuse("blocklist", ifMatch, known.map(Blocklist::version).orElse(0L));
        var version = rules.changed(RuleKind.BLOCKLIST, owner, name, caller.id());
        lists.put(subscription(owner, name, settings, version));
        if (known.isPresent() && !known.get().settings().hasSource(settings)) {
            lists.forget(owner, name);
        }
        return ResponseBuilder.create(known.isEmpty() ? Status.CREATED : Status.OK, view(owner, name))
                .tag(Long.toString(version))
                .build();
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<BlocklistView> list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = lists.list(application, RulePosition.read(cursor), limit + 1);
        var now = clock.instant();
        return Page.of(
                found,
                limit,
                list -> new RulePosition(list.application(), list.name()).toString(),
                list -> BlocklistView.of(list, now));
    }

    @GET
    @Path("/{name}")
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public RestResponse<BlocklistView> get(
            @PathParam("name") @Pattern(regexp = NAME) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        var found = view(Scope.application(application), name);
        return ResponseBuilder.ok(found).tag(Long.toString(found.version())).build();
    }

    /** Fetches it within seconds, whenever it is due. */
    @POST
    @Path("/{name}/refresh")
    @Transactional
    @Audited("blocklist.refresh")
    @RolesAllowed({OPERATOR, ADMIN})
    @APIResponse(
            responseCode = "202",
            description = "It is fetched next",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = BlocklistView.class)))
    @ResponseStatus(202)
    public BlocklistView refresh(
            @PathParam("name") @Pattern(regexp = NAME) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        var owner = owner(application, name);
        lists.hasten(owner, name, clock.instant());
        return view(owner, name);
    }

    /** From now on nothing of it is in force. */
    @DELETE
    @Path("/{name}")
    @Transactional
    @Audited("blocklist.remove")
    @RolesAllowed({OPERATOR, ADMIN})
    public void remove(
            @PathParam("name") @Pattern(regexp = NAME) String name,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch) {
        var owner = owner(application, name);
        lists.hold();
        var known = lists.find(owner, name).orElseThrow(() -> Problem.notFound("blocklist"));
        StaleVersion.refuse("blocklist", ifMatch, known.version());
        lists.remove(owner, name);
        rules.removed(RuleKind.BLOCKLIST, owner, name, caller.id());
    }

    private String owner(@Nullable String application, String name) {
        var owner = Scope.application(application);
        trail.target(name).application(owner);
        return owner;
    }

    private BlocklistView view(String application, String name) {
        return lists.find(application, name)
                .map(list -> BlocklistView.of(list, clock.instant()))
                .orElseThrow(() -> Problem.notFound("blocklist"));
    }

    private Blocklist subscription(String application, String name, BlocklistSettings settings, long version) {
        var now = clock.instant();
        return new Blocklist(
                application,
                name,
                settings,
                version,
                now,
                caller.id(),
                new Blocklist.Progress(0, 0, null, null, null, null, null, now, null, 0));
    }
}
