package io.bulwark.ratelimit.signin;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.net.Network;
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
import java.time.Instant;
import java.util.Objects;
import java.util.UUID;
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
     * A block in force that stands in the way of somebody legitimate.
     *
     * @param id unblocks by {@code DELETE /api/v1/blocks/{id}}
     * @param accounts that signed in from there well before the attack; 1,000 at most
     * @param signIns of those accounts from there
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record LegitimateView(
            UUID id,
            Network target,
            String application,
            @Nullable String endpoint,
            String reason,
            @Nullable String policy,
            Instant blockedAt,
            Instant until,
            int accounts,
            long signIns,
            Instant lastSignInAt) {
        static LegitimateView of(LegitimateBlocks.Found found) {
            return new LegitimateView(
                    found.id(),
                    found.target(),
                    found.application(),
                    found.endpoint(),
                    found.reason(),
                    found.policy(),
                    found.blockedAt(),
                    found.until(),
                    found.accounts(),
                    found.signIns(),
                    found.lastSignInAt());
        }
    }

    /**
     * Blocks in force of places from which somebody signed in well before, the newest first. A request looks at 5,000 blocks
     * at most: a page may be short, or empty, and not the last.
     */
    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<LegitimateView> list(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable @Size(max = 200) String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var after = Objects.requireNonNullElse(TimePosition.read(cursor), LegitimateBlocks.START);
        var look = blocks.look(application, after, limit);
        var next = look.next();
        return new Page<>(
                look.found().stream().map(LegitimateView::of).toList(),
                next == null ? null : Cursor.of(next.toString()));
    }
}
