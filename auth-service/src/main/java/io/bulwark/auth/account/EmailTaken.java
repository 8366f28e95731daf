package io.bulwark.auth.account;

import io.bulwark.kit.problem.Problem;

/** An address belongs to one person for ever, also when the person has left. */
final class EmailTaken extends Problem {
    private static final long serialVersionUID = 1L;

    EmailTaken() {
        super(409, "email-taken", "There is or was a user with this e-mail address");
    }
}
