package io.bulwark.ratelimit.policy;

import static io.bulwark.kit.access.Roles.ADMIN;
import static io.bulwark.kit.access.Roles.OPERATOR;
import static io.bulwark.kit.access.Roles.RESPONDER;

import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.problem.Problem;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** What is counted of an address, as responders forgive it. */
@Path("/api/v1/limits")
@Tag(name = "Policies")
class LimitResource {
    private final PolicyTable policies;
    private final Limits limits;
    private final AuditTrail trail;

    LimitResource(PolicyTable policies, Limits limits, AuditTrail trail) {
        this.policies = policies;
        this.limits = limits;
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
        var owner = Scope.everything(application).application();
        var address = address(ip);
        trail.target(address.toString()).application(owner);
        policies.reset(limits, address, owner);
    }

    private static Network address(String text) {
        try {
            return Network.parseAddress(text);
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("ip", String.valueOf(e.getMessage()));
        }
    }
}
