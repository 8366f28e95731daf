package io.bulwark.incident.incident;

import io.bulwark.kit.problem.Problem;

/** An incident does not go from where it stands to where it was told to. */
final class IllegalTransition extends Problem {
    private static final long serialVersionUID = 1L;

    IllegalTransition(Status from, Status to) {
        super(409, "illegal-transition", "An incident that is " + from.label() + " cannot become " + to.label());
        with("from", from);
        with("to", to);
        with("allowed", from.allowed());
    }
}
