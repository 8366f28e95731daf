package io.bulwark.ratelimit.bulk;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.kit.http.StreamedAnswer;
import io.bulwark.ratelimit.prefix.Scope;
import io.vertx.core.http.HttpServerRequest;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** All that is blocked now, as one list. */
@Path("/api/v1/blocks/export")
@Tag(name = "Blocks")
class ExportResource {
    private final BlockExport export;
    private final Duration patience;

    ExportResource(BlockExport export, BulkConfig config) {
        this.export = export;
        this.patience = config.exportPatience();
    }

    /**
     * The blocks in force, ordered by target, in what {@code /api/v1/blocks/imports} takes. Plain says the targets alone.
     *
     * @param application whose blocks; absent for all
     */
    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    @APIResponse(
            responseCode = "200",
            description = "The list; one that is not whole ends with a broken connection",
            content = {
                @Content(mediaType = "text/plain", schema = @Schema(implementation = String.class)),
                @Content(mediaType = "text/csv", schema = @Schema(implementation = String.class)),
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(implementation = ExportFormat.Exported[].class))
            })
    @APIResponse(responseCode = "429", description = "Two lists are being written on this replica already")
    public CompletionStage<Void> export(
            @QueryParam("format") @DefaultValue("json") @Pattern(regexp = "plain|csv|json") String format,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @Context HttpServerRequest request) {
        var written = ExportFormat.valueOf(format.toUpperCase(Locale.ROOT));
        var response = request.response()
                .putHeader("Content-Type", written.mediaType() + ";charset=UTF-8")
                .putHeader(
                        "Content-Disposition", "attachment; filename=\"blocks." + format.replace("plain", "txt") + "\"")
                .putHeader("Cache-Control", "no-store");
        var answered = new CompletableFuture<Void>();
        new StreamedAnswer(request, patience::toNanos)
                .send("block-export", pieces -> export.write(pieces, written, application))
                .onSuccess(answered::complete)
                .onFailure(e -> {
                    // else only its broken connection ends the request: Jakarta REST would end the list
                    if (!response.headWritten()) {
                        response.headers().remove("Content-Disposition");
                        answered.completeExceptionally(e);
                    }
                });
        return answered;
    }
}
