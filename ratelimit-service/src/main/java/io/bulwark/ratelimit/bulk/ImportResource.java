package io.bulwark.ratelimit.bulk;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;
import static jakarta.ws.rs.core.MediaType.APPLICATION_JSON;
import static jakarta.ws.rs.core.MediaType.CHARSET_PARAMETER;
import static jakarta.ws.rs.core.MediaType.TEXT_PLAIN;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.block.NewBlock;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.prefix.Scope;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.BeanParam;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.NotSupportedException;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Lists of blocks, brought in as a whole. */
@Path("/api/v1/blocks/imports")
@Tag(name = "Blocks")
class ImportResource {
    private static final String TEXT_CSV = "text/csv";
    private static final String RETRY_AFTER = "10";

    private final BlockImports imports;
    private final ImportWorker worker;
    private final TargetPolicy targets;
    private final BulkConfig config;
    private final Caller caller;
    private final InstantSource clock;

    ImportResource(
            BlockImports imports,
            ImportWorker worker,
            TargetPolicy targets,
            BulkConfig config,
            Caller caller,
            InstantSource clock) {
        this.imports = imports;
        this.worker = worker;
        this.targets = targets;
        this.config = config;
        this.caller = caller;
        this.clock = clock;
    }

    /**
     * What holds for entries that do not say otherwise themselves.
     *
     * @param duration of ISO 8601, such as P1D
     * @param force place even what is dangerous to block
     */
    record Options(
            @QueryParam("reason") @Nullable @Size(max = 500) String reason,

            @QueryParam("duration") @Nullable @Size(max = 40)
            String duration,

            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION)
            String application,

            @QueryParam("endpoint") @Nullable @Pattern(regexp = Scope.ENDPOINT)
            String endpoint,

            @QueryParam("remediation") @Nullable @Pattern(regexp = "ban|captcha")
            String remediation,

            @QueryParam("force") boolean force) {

        ImportOrders.Defaults by(String author, Instant at) {
            return new ImportOrders.Defaults(
                    author,
                    at,
                    reason,
                    duration == null ? null : parsed(duration),
                    Scope.application(application),
                    endpoint,
                    remediation == null ? Remediation.BAN : Remediation.valueOf(remediation.toUpperCase(Locale.ROOT)),
                    force);
        }

        private static Duration parsed(String text) {
            try {
                var duration = Duration.parse(text);
                if (NewBlock.isPossible(duration)) {
                    return duration;
                }
            } catch (DateTimeException | ArithmeticException e) {
                throw Problem.invalid("duration", "must be of ISO 8601, such as P1D");
            }
            throw Problem.invalid("duration", "must be between " + NewBlock.SHORTEST + " and " + NewBlock.LONGEST);
        }
    }

    /**
     * How far an import has come. While it runs, {@code placed + unchanged} of {@code entries} are done.
     *
     * @param state running, done or failed
     * @param lines of the body; elements of an array
     * @param entries that were not refused
     * @param unchanged what was blocked as ordered before
     * @param refusals the first of the refused, by line
     * @param failure why it ended early
     * @param seenAt when its replica was last at it
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record ImportView(
            UUID id,
            String author,
            String state,
            int lines,
            int entries,
            int placed,
            int unchanged,
            int refused,
            List<Refusal> refusals,
            @Nullable String failure,
            Instant startedAt,
            Instant seenAt,
            @Nullable Instant finishedAt) {
        static ImportView of(BlockImport found) {
            return new ImportView(
                    found.id(),
                    found.author(),
                    found.state().name().toLowerCase(Locale.ROOT),
                    found.lines(),
                    found.entries(),
                    found.placed(),
                    found.unchanged(),
                    found.refused(),
                    found.refusals(),
                    found.failure(),
                    found.startedAt(),
                    found.seenAt(),
                    found.finishedAt());
        }
    }

    /**
     * Places a list of blocks. As text, an address or a network a line and comments behind {@code #}; as CSV under a header
     * of target, reason, duration, until, endpoint, application, remediation, of which only target is needed; or an array
     * of objects with those fields. What was placed before and lasts as long stays as it is.
     */
    @POST
    @Blocking
    @NotAudited("recorded where it begins, with what it holds")
    @RolesAllowed({RESPONDER, ADMIN})
    @Consumes({APPLICATION_JSON, TEXT_PLAIN, TEXT_CSV})
    @APIResponse(
            responseCode = "202",
            description = "Begun; Location tells how far it is",
            content = @Content(mediaType = APPLICATION_JSON, schema = @Schema(implementation = ImportView.class)))
    @APIResponse(responseCode = "413", description = "Too many bytes; nothing is placed")
    @APIResponse(responseCode = "422", description = "Too many entries, or not one that is good; nothing is placed")
    @APIResponse(responseCode = "429", description = "Another import runs on this replica")
    public Response begin(
            @BeanParam @Valid Options options, @HeaderParam("Content-Type") @Nullable MediaType type, InputStream body)
            throws IOException {
        if (!worker.tryReserve()) {
            throw new Problem(429, "import-running", "Another import runs here").header("Retry-After", RETRY_AFTER);
        }
        var started = false;
        try {
            var read = read(type, body, options.by(caller.id(), clock.instant()));
            var application = Scope.application(options.application());
            var begun = imports.begin(read, caller.id(), application, options.force());
            worker.start(begun.id(), read.orders());
            started = true;
            return Response.accepted(ImportView.of(begun))
                    .location(URI.create("/api/v1/blocks/imports/" + begun.id()))
                    .build();
        } finally {
            if (!started) {
                worker.release();
            }
        }
    }

    @GET
    @Path("/{id}")
    @Transactional
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public ImportView get(UUID id) {
        return imports.find(id).map(ImportView::of).orElseThrow(() -> Problem.notFound("import"));
    }

    private ImportOrders read(@Nullable MediaType type, InputStream body, ImportOrders.Defaults defaults)
            throws IOException {
        var orders = new ImportOrders(defaults, targets, config);
        if (type == null) { // which @Consumes lets pass
            throw new NotSupportedException();
        }
        if (!type.getParameters().getOrDefault(CHARSET_PARAMETER, "utf-8").equalsIgnoreCase("utf-8")) {
            throw new Problem(415, "unsupported-media-type", "An import is UTF-8");
        }
        switch (type.getSubtype().toLowerCase(Locale.ROOT)) {
            case "json" -> JsonEntries.read(body, orders);
            case "csv" -> CsvEntries.read(body, orders);
            default -> PlainEntries.read(body, orders);
        }
        if (orders.orders().isEmpty()) {
            throw new Problem(422, "invalid-import", "There is not one entry that can be placed")
                    .with("errors", orders.refusals());
        }
        return orders;
    }
}
