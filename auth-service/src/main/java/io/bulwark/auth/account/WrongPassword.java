package io.bulwark.auth.account;

import io.bulwark.kit.problem.Problem;

/** Who changes a password proves to know the one in force. */
final class WrongPassword extends Problem {
    private static final long serialVersionUID = 1L;

    WrongPassword() {
        super(403, "wrong-password", "currentPassword is not right, or the account takes no password now");
    }
}
