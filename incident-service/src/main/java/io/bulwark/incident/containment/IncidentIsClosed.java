package io.bulwark.incident.containment;

import io.bulwark.kit.problem.Problem;

/** Nothing is ordered from an incident that is closed: whoever wants to act opens a new one. */
final class IncidentIsClosed extends Problem {
    private static final long serialVersionUID = 1L;

    IncidentIsClosed(long number) {
        super(409, "incident-closed", "Incident " + number + " is closed; open a new one to act");
    }
}
