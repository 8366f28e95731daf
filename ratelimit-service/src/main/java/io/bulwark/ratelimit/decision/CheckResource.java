package io.bulwark.ratelimit.decision;

import static io.bulwark.kit.access.Roles.GATEWAY;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.ReadsOnly;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import io.bulwark.kit.problem.Unavailable;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.gateway.GatewayKeyMechanism;
import io.bulwark.ratelimit.gateway.GatewayProfile;
import io.bulwark.ratelimit.gateway.Undecided;
import io.bulwark.ratelimit.policy.Descriptors;
import io.bulwark.ratelimit.prefix.Scope;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotEmpty;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Answers gateways that ask in JSON. */
@Path("/api/v1/check")
@Tag(name = "Decisions")
class CheckResource {
    private static final int MOST = 1_000;

    private final Decisions decisions;
    private final DecisionCounters counters;
    private final Caller caller;
    private final SecurityIdentity identity;

    CheckResource(Decisions decisions, DecisionCounters counters, Caller caller, SecurityIdentity identity) {
        this.decisions = decisions;
        this.counters = counters;
        this.caller = caller;
        this.identity = identity;
    }

    /**
     * May this client be served?
     *
     * @param ip the client's address
     * @param endpoint what it asks for; absent for none in particular
     * @param cost what the request counts for, 0 only looks; as the policy says where absent
     * @param descriptors what else it is known by: {@code Authorization} where a limit counts by credential
     * @param authenticated whether the gateway knows who the client is
     */
    record Check(
            @Schema(required = true) @Nullable @Size(max = 64)
            String ip,

            @Nullable @Pattern(regexp = Scope.ENDPOINT) String endpoint,
            @Nullable @Min(0) @Max(1_000_000) Integer cost,

            @Nullable @Size(max = 16)
            Map<@NotNull @Size(min = 1, max = 64) String, @NotNull @Size(max = Descriptors.LONGEST) String> descriptors,

            boolean authenticated) {

        Question of(String application, Network client) {
            return new Question(
                    client,
                    application,
                    endpoint,
                    cost == null ? Question.USUAL_COST : cost,
                    descriptors == null ? Descriptors.NONE : Descriptors.of(descriptors),
                    authenticated);
        }
    }

    /** Several, each decided for itself, in this order. */
    record CheckBatch(@NotEmpty @Size(max = MOST) List<@NotNull @Valid Check> checks) {}

    /**
     * The answer.
     *
     * @param reason why it is refused, or that nobody could decide; absent where it is allowed
     * @param remediation of a block: {@code captcha} where the gateway may let through who solves one
     * @param policy the limit that refuses, or that is closest; absent, as is what follows, where none applies
     * @param retryAfterSeconds when asking again may help; absent where it is allowed, or where it never will
     * @param reference by which a refusal is found again; absent where it is allowed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record CheckAnswer(
            boolean allowed,
            @Nullable String reason,
            @Nullable Remediation remediation,
            @Nullable String policy,
            @Nullable Long limit,
            @Nullable Long remaining,
            @Nullable Long resetSeconds,
            @Nullable Long retryAfterSeconds,
            @Nullable String reference) {
        static CheckAnswer of(Decision decision, Undecided gateway) {
            var undecided = decision.outcome() == Outcome.UNAVAILABLE;
            if (undecided && !decision.isServedUndecided(gateway)) {
                throw new Unavailable("The blocks and rules are not loaded yet");
            }
            var standing = decision.standing();
            var retry = decision.retryAfterSeconds();
            return new CheckAnswer(
                    decision.allowed() || undecided,
                    decision.allowed() ? null : decision.outcome().name().toLowerCase(Locale.ROOT),
                    decision.remediation(),
                    standing == null ? null : standing.limit().name(),
                    standing == null ? null : standing.limit().quota(),
                    standing == null ? null : standing.remaining(),
                    standing == null ? null : standing.resetSeconds(),
                    decision.allowed() || undecided || retry == 0 ? null : retry,
                    decision.reference() == null ? null : decision.reference().text());
        }
    }

    /** @param answers one for each check, in their order */
    record CheckAnswers(List<CheckAnswer> answers) {}

    @POST
    @NonBlocking
    @ReadsOnly
    @RolesAllowed(GATEWAY)
    public CheckAnswer check(@NotNull @Valid Check check) {
        var gateway = gateway();
        return CheckAnswer.of(decisions.decide(question(check, gateway)), gateway.undecided());
    }

    /** Up to 1,000 at once, in up to 32 MB. */
    @POST
    @Path("/batch")
    @ReadsOnly
    @RolesAllowed(GATEWAY)
    public CheckAnswers check(
            @NotNull @Valid CheckBatch batch) { // not on the event loop, which megabytes would hold up
        var gateway = gateway();
        var questions =
                batch.checks().stream().map(check -> question(check, gateway)).toList();
        return new CheckAnswers(questions.stream()
                .map(decisions::decide)
                .map(decision -> CheckAnswer.of(decision, gateway.undecided()))
                .toList());
    }

    private Question question(Check check, GatewayProfile gateway) {
        return check.of(gateway.application(), client(check.ip()));
    }

    private Network client(@Nullable String ip) {
        try {
            return RequestField.parse("ip", ip == null ? "" : ip, Network::parseAddress);
        } catch (Problem e) {
            counters.count(Outcome.NO_CLIENT_ADDRESS);
            throw e;
        }
    }

    private GatewayProfile gateway() {
        var gateway = GatewayKeyMechanism.profileOf(identity);
        return gateway == null ? GatewayProfile.ofToken(caller.application()) : gateway;
    }
}
