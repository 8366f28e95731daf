package io.bulwark.auth.client;

import io.bulwark.kit.problem.Problem;

/** A client that does not prove to be the one it names; which part is wrong is not told. */
public final class InvalidClient extends Problem {
    private static final long serialVersionUID = 1L;

    public InvalidClient() {
        super(401, "invalid-client", "Unknown client or wrong secret");
        header("WWW-Authenticate", "Basic realm=\"bulwark\"");
    }
}
