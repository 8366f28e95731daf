package io.bulwark.ratelimit.posture;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.AUDITOR;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.StaleVersion;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.Rules;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.DecimalMax;
import jakarta.validation.constraints.DecimalMin;
import jakarta.validation.constraints.NotBlank;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.HttpHeaders;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.hibernate.validator.constraints.time.DurationMax;
import org.hibernate.validator.constraints.time.DurationMin;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jspecify.annotations.Nullable;

/** The posture of an application, as responders change it with one call; in force on every replica moments later. */
@Path("/api/v1/posture")
@Tag(name = "Posture")
class PostureResource {
    private static final double USUAL_FACTOR = 0.5;
    private static final String PRINTABLE = "[^\\p{Cntrl}]*";
    private static final String URL = "https?://[!-;=?-\\[\\]_a-z~]{1,490}";

    private final Postures postures;
    private final Rules rules;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    PostureResource(Postures postures, Rules rules, Caller caller, AuditTrail trail, InstantSource clock) {
        this.postures = postures;
        this.rules = rules;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    /**
     * What the posture is to be.
     *
     * @param duration after which it is normal again by itself; absent: until a person says so
     * @param factor while it is elevated, how much of every limit there is: 0.01 to 1, 0.5 where absent
     * @param statusPage an http or https address that refused clients are pointed to
     */
    record PostureChange(
            @NotNull PostureMode mode,

            @NotBlank @Size(max = 500) @Pattern(regexp = PRINTABLE)
            String reason,

            @Nullable @DurationMin(nanos = 1) @DurationMax(days = 366)
            Duration duration,

            @Nullable @DecimalMin("0.01") @DecimalMax("1") Double factor,
            @Nullable @Pattern(regexp = URL) String statusPage) {

        Posture by(Posture known, String author, Instant now) {
            if (mode == PostureMode.NORMAL && duration != null) {
                throw Problem.invalid("duration", "is for what is not normal");
            }
            if (mode != PostureMode.ELEVATED && factor != null) {
                throw Problem.invalid("factor", "is for elevated");
            }
            return new Posture(
                    known.application(),
                    mode,
                    mode != PostureMode.ELEVATED ? 1 : factor == null ? USUAL_FACTOR : factor,
                    reason,
                    author,
                    now,
                    duration == null ? null : now.plus(duration),
                    statusPage,
                    known.version() + 1);
        }
    }

    /** @param factor how much of every limit there is; absent unless it is elevated */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record PostureView(
            String application,
            PostureMode mode,
            @Nullable Double factor,
            String reason,
            String author,
            Instant since,
            @Nullable Instant until,
            @Nullable String statusPage,
            long version) {
        static PostureView of(Posture posture, Instant now) {
            var current = posture.isOver(now) ? posture.over(posture.author()) : posture;
            return new PostureView(
                    current.application(),
                    current.mode(),
                    current.mode() == PostureMode.ELEVATED ? current.factor() : null,
                    current.reason(),
                    current.author(),
                    current.since(),
                    current.until(),
                    current.statusPage(),
                    posture.version());
        }
    }

    @GET
    @RolesAllowed({AUDITOR, RESPONDER, OPERATOR, ADMIN})
    public RestResponse<PostureView> get(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        return answer(postures.of(Scope.application(application)));
    }

    @PUT
    @Transactional
    @Audited("posture.change")
    @RolesAllowed({RESPONDER, OPERATOR, ADMIN})
    public RestResponse<PostureView> put(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @HeaderParam(HttpHeaders.IF_MATCH) @Nullable @Size(max = 200) String ifMatch,
            @NotNull @Valid PostureChange change) {
        var owner = Scope.application(application);
        trail.target(owner)
                .application(owner)
                .detail("mode", change.mode().name().toLowerCase(Locale.ROOT));
        var known = postures.lock(owner);
        StaleVersion.refuse("posture", ifMatch, known.version());
        var posture = change.by(known, caller.id(), clock.instant());
        postures.put(posture);
        rules.changed(RuleKind.POSTURE, owner, owner, caller.id());
        return answer(posture);
    }

    private RestResponse<PostureView> answer(Posture posture) {
        return ResponseBuilder.ok(PostureView.of(posture, clock.instant()))
                .tag(Long.toString(posture.version()))
                .build();
    }
}
