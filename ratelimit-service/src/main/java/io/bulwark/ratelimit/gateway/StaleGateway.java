package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.problem.Problem;

/** The caller decided on a version of the gateway that is not the newest. */
final class StaleGateway extends Problem {
    private static final long serialVersionUID = 1L;

    StaleGateway(String current) {
        super(412, "stale-version", "The gateway has changed since; read it again");
        header("ETag", current);
    }
}
