package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.problem.Problem;

/** Two gateways cannot have one name. */
final class GatewayExists extends Problem {
    private static final long serialVersionUID = 1L;

    GatewayExists(String name) {
        super(409, "gateway-exists", "A gateway named " + name + " is registered already");
    }
}
