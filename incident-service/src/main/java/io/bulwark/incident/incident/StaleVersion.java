package io.bulwark.incident.incident;

import io.bulwark.kit.problem.Problem;

/** The caller decided on a version of the incident that is not the newest. */
final class StaleVersion extends Problem {
    private static final long serialVersionUID = 1L;

    StaleVersion(String current) {
        super(412, "stale-version", "The incident has changed since; read it again");
        header("ETag", current);
    }
}
