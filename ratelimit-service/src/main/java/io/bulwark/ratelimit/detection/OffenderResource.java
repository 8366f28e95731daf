package io.bulwark.ratelimit.detection;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Pattern;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Who fails to sign in again and again, or is refused by gateways. */
@Path("/api/v1/offenders")
@Tag(name = "Offenders")
class OffenderResource {
    /** Where sign-ins fail. */
    private static final String ENDPOINT = "login";

    private static final Duration LATELY = Duration.ofHours(1);

    private final Offenders offenders;
    private final DetectionConfig config;
    private final InstantSource clock;

    OffenderResource(Offenders offenders, DetectionConfig config, InstantSource clock) {
        this.offenders = offenders;
        this.config = config;
        this.clock = clock;
    }

    /**
     * @param target an address; the /64 of IPv6 ones
     * @param failures failed sign-ins, or how often it did what else was asked for
     */
    record OffenderView(Network target, String application, long failures, Instant firstAt, Instant lastAt) {
        static OffenderView of(Offenders.Offender offender) {
            return new OffenderView(
                    offender.place(), offender.application(), offender.count(), offender.firstAt(), offender.lastAt());
        }
    }

    /**
     * The worst first: those with more than {@code min} failures since then, in the last hour unless said. What gateways refused
     * is counted for the whole application: no endpoint is asked for then.
     *
     * @param policy which detector counts them
     */
    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public Page<OffenderView> list(
            @QueryParam("policy") @DefaultValue(CountPolicy.LOGIN) @Pattern(regexp = CountPolicy.ANY) String policy,
            @QueryParam("endpoint") @DefaultValue(ENDPOINT) @Pattern(regexp = Scope.ENDPOINT) String endpoint,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @QueryParam("since") @Nullable String since,
            @QueryParam("min") @DefaultValue("5") @Min(0) @Max(1_000_000) int min,
            @QueryParam("limit") @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit) {
        var from = since == null ? clock.instant().minus(LATELY) : kept(instant(since));
        if (policy.equals(CountPolicy.LOGIN) && !endpoint.equals(ENDPOINT)) {
            return new Page<>(List.of(), null);
        }
        var found = offenders.worst(policy, application, from, min, limit);
        return new Page<>(found.stream().map(OffenderView::of).toList(), null);
    }

    /** There is nothing older to look through, and nothing is to come: Java reads years that no database stores. */
    private Instant kept(Instant since) {
        var now = clock.instant();
        var oldest = now.minus(config.retention());
        return since.isBefore(oldest) ? oldest : since.isAfter(now) ? now : since;
    }

    private static Instant instant(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException e) {
            throw Problem.invalid("since", "is no time such as 2026-01-31T12:00:00Z");
        }
    }
}
