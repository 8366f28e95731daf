package io.bulwark.ratelimit.bulk;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.ratelimit.prefix.Scope;
import io.smallrye.common.annotation.Blocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.util.Locale;
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

    ExportResource(BlockExport export) {
        this.export = export;
    }

    /**
     * The blocks in force, ordered by target, in what {@code /api/v1/blocks/imports} takes. Plain says the targets alone.
     *
     * @param application whose blocks; absent for all
     */
    @GET
    @Blocking
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
    public Response export(
            @QueryParam("format") @DefaultValue("json") @Pattern(regexp = "plain|csv|json") String format,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        var written = ExportFormat.valueOf(format.toUpperCase(Locale.ROOT));
        StreamingOutput body = to -> export.write(to, written, application);
        return Response.ok(body, written.mediaType() + ";charset=UTF-8")
                .header("Content-Disposition", "attachment; filename=\"blocks." + format.replace("plain", "txt") + "\"")
                .header("Cache-Control", "no-store")
                .build();
    }
}
