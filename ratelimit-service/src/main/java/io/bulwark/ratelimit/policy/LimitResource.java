package io.bulwark.ratelimit.policy;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.kit.problem.RequestField;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is counted of somebody, as responders forgive it. */
@Path("/api/v1/limits")
@Tag(name = "Policies")
class LimitResource {
    private final PolicyTable policies;
    private final AuditTrail trail;

    LimitResource(PolicyTable policies, AuditTrail trail) {
        this.policies = policies;
        this.trail = trail;
    }

    /** Gives an address its limits again, here and where counts are shared; those that count by more stay as they are. */
    @DELETE
    @Transactional
    @Audited("limits.reset")
    @RolesAllowed({RESPONDER, OPERATOR, ADMIN})
    public void reset(
            @QueryParam("ip") @NotNull @Size(max = 64) String ip,
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application) {
        var owner = Scope.application(application);
        var address = address(ip);
        trail.target(address.toString()).application(owner);
        policies.reset(owner, address, Descriptors.NONE);
    }

    /**
     * Whose limits are given back. What it says is hashed as a decision hashes it, and neither kept nor logged.
     *
     * @param ip absent where descriptors alone are counted by
     * @param descriptors as decisions have them, such as {@code Authorization} where a limit counts by credential; an empty
     *     value stands for all requests that lack it
     */
    record ResetLimits(
            @Nullable @Size(max = 64) String ip,

            @Nullable @Size(max = 16)
            Map<@NotNull @Size(min = 1, max = 64) String, @NotNull @Size(max = Descriptors.LONGEST) String>
                    descriptors) {

        ResetLimits {
            descriptors = descriptors == null ? Map.of() : descriptors;
        }
    }

    /** @param limits those that count by no more than was said, by endpoint and name */
    record LimitsGivenBack(List<GivenBack> limits) {}

    /** As above, and those limits too that count by more than the address: by a credential, a tenant. */
    @POST
    @Path("/reset")
    @Transactional
    @Audited("limits.reset")
    @RolesAllowed({RESPONDER, OPERATOR, ADMIN})
    public LimitsGivenBack reset(
            @QueryParam("application") @Nullable @Pattern(regexp = Scope.APPLICATION) String application,
            @NotNull @Valid ResetLimits whose) {
        var owner = Scope.application(application);
        var address = whose.ip() == null ? null : address(whose.ip());
        var descriptors = whose.descriptors();
        if (address == null && descriptors.isEmpty()) {
            throw Problem.invalid("ip", "either an ip or descriptors say whose limits are meant");
        }
        trail.target(address == null ? "descriptors" : address.toString()).application(owner);
        trail.detail("descriptors", String.join(", ", descriptors.keySet()));
        return new LimitsGivenBack(policies.reset(owner, address, Descriptors.of(descriptors)));
    }

    private static Network address(String ip) {
        return RequestField.parse("ip", ip, Network::parseAddress);
    }
}
