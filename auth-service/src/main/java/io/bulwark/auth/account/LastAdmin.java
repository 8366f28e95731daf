package io.bulwark.auth.account;

import io.bulwark.kit.problem.Problem;

/** Nobody could administer the suite any more. */
final class LastAdmin extends Problem {
    private static final long serialVersionUID = 1L;

    LastAdmin() {
        super(409, "last-admin", "This is the last active administrator");
    }
}
