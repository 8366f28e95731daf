package io.bulwark.auth.client;

import io.bulwark.kit.problem.Problem;

/** A client's id names one machine for ever. */
final class ClientIdTaken extends Problem {
    private static final long serialVersionUID = 1L;

    ClientIdTaken() {
        super(409, "client-id-taken", "There is or was a client with this id");
    }
}
