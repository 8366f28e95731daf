package io.bulwark.ratelimit.decision;

import static io.bulwark.kit.access.Roles.GATEWAY;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.ReadsOnly;
import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.Unavailable;
import io.bulwark.ratelimit.decision.Decisions.Decision;
import io.bulwark.ratelimit.gateway.GatewayKeyMechanism;
import io.bulwark.ratelimit.prefix.Scope;
import io.quarkus.security.identity.SecurityIdentity;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Answers gateways that ask in JSON. */
@Path("/api/v1/check")
@Tag(name = "Decisions")
class CheckResource {
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
     * @param cost what the request counts for; 1 where absent
     */
    record Question(
            @NotNull @Size(max = 64) String ip,
            @Nullable @Pattern(regexp = Scope.ENDPOINT) String endpoint,
            @Nullable @Min(1) @Max(1_000_000) Integer cost) {

        Network address() {
            try {
                var address = Network.parse(ip);
                if (address.isAddress() && ip.indexOf('/') < 0) {
                    return address;
                }
            } catch (IllegalArgumentException e) {
                throw Problem.invalid("ip", String.valueOf(e.getMessage()));
            }
            throw Problem.invalid("ip", "is a network, not an address");
        }
    }

    /**
     * The answer.
     *
     * @param reason why it is refused; absent where it is allowed
     * @param limit of the policy that applies; absent, as is what follows, where none does
     * @param retryAfterSeconds when asking again may help; absent where it is allowed
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Answer(
            boolean allowed,
            @Nullable String reason,
            @Nullable Long limit,
            @Nullable Long remaining,
            @Nullable Long resetSeconds,
            @Nullable Long retryAfterSeconds) {
        static Answer of(Decision decision) {
            return decision.allowed()
                    ? new Answer(true, null, null, null, null, null)
                    : new Answer(false, "blocked", null, null, null, decision.retryAfterSeconds());
        }
    }

    @POST
    @NonBlocking
    @ReadsOnly
    @NotAudited("asks, and changes nothing")
    @RolesAllowed(GATEWAY)
    public Answer check(@NotNull @Valid Question question) {
        var application = GatewayKeyMechanism.applicationOf(identity);
        var decision = decisions.decide(
                question.address(), application == null ? caller.application() : application, question.endpoint());
        counters.count(decision.outcome());
        if (decision.outcome() == Outcome.UNAVAILABLE) {
            throw new Unavailable("The blocks are not loaded yet");
        }
        return Answer.of(decision);
    }
}
