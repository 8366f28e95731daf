package io.bulwark.auth.account;

import io.bulwark.kit.problem.Problem;
import java.util.List;
import java.util.Map;

/** The new password is one that must not be taken. */
final class WeakPassword extends Problem {
    private static final long serialVersionUID = 1L;

    WeakPassword(String why) {
        super(422, "weak-password", "newPassword: " + why);
        with("errors", List.of(Map.of("field", "newPassword", "message", why)));
    }
}
