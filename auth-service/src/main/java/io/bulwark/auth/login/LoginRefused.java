package io.bulwark.auth.login;

import io.bulwark.kit.audit.NotAudited;
import io.bulwark.kit.problem.Problem;

/** The same for an unknown account, a disabled or locked one, and a wrong or expired password. */
@NotAudited("login-failed is its record")
final class LoginRefused extends Problem {
    private static final long serialVersionUID = 1L;

    LoginRefused() {
        super(401, "login-refused", "E-mail address or password is wrong, or the account takes no password now");
    }
}
