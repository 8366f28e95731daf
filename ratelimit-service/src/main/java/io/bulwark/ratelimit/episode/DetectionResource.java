package io.bulwark.ratelimit.episode;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.kit.page.Page;
import io.bulwark.kit.page.TimePosition;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.Instant;
import java.util.UUID;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What the detectors concluded; those in shadow mode too, so that one can see what they would do. */
@Path("/api/v1/detections")
@Tag(name = "Detections")
class DetectionResource {
    private static final String POLICY = "[a-z][a-z-]{0,63}";

    private final Episodes episodes;

    DetectionResource(Episodes episodes) {
        this.episodes = episodes;
    }

    /**
     * An attack, as a policy saw it.
     *
     * @param subject an address or a network; of password spraying the account
     * @param members distinct accounts or places of it
     * @param outcome {@code watched} in shadow mode: nothing was done
     */
    record DetectionView(
            UUID id,
            String policy,
            String application,
            String subject,
            Instant firstAt,
            Instant lastAt,
            int members,
            long observations,
            String outcome,
            Instant concludedAt) {
        static DetectionView of(Episode episode) {
            return new DetectionView(
                    episode.id(),
                    episode.policy(),
                    episode.application(),
                    episode.subject(),
                    episode.span().first(),
                    episode.span().last(),
                    episode.members(),
                    episode.observations(),
                    episode.outcome().word(),
                    episode.concludedAt());
        }
    }

    /** Newest first. */
    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<DetectionView> list(
            @QueryParam("policy") @Nullable @Pattern(regexp = POLICY) String policy,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("cursor") @Nullable String cursor,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var found = episodes.list(policy, application, TimePosition.read(cursor), limit + 1);
        return Page.of(
                found,
                limit,
                episode -> new TimePosition(episode.concludedAt(), episode.id()).toString(),
                DetectionView::of);
    }
}
