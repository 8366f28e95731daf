package io.bulwark.ratelimit.signin;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.page.TimePosition;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.Objects;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Whom to unblock first. */
@Path("/api/v1/blocks/legitimate")
@Tag(name = "Blocks")
class LegitimateBlockResource {
    private final LegitimateBlocks blocks;

    LegitimateBlockResource(LegitimateBlocks blocks) {
        this.blocks = blocks;
    }

    /**
     * Blocks in force of places from which somebody signed in well before, the newest first. A request looks at 5,000 blocks
     * at most: a page may be short, or empty, and not the last.
     */
    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<LegitimateBlock> list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var after = Objects.requireNonNullElse(TimePosition.read(cursor), LegitimateBlocks.START);
        var look = blocks.look(application, after, limit);
        var next = look.next();
        return new Page<>(look.found(), next == null ? null : Cursor.of(next.toString()));
    }
}
