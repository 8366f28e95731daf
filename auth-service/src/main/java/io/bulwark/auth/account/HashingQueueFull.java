package io.bulwark.auth.account;

import io.bulwark.kit.problem.Problem;

/** More sign-ins at once than the machine can check; nothing was counted against the account. */
final class HashingQueueFull extends Problem {
    private static final long serialVersionUID = 1L;

    HashingQueueFull() {
        super(503, "too-many-sign-ins", "Too many sign-ins at this moment; try again");
        header("Retry-After", "2");
    }
}
