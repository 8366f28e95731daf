package io.bulwark.auth.account;

import io.bulwark.kit.problem.Problem;

/** The account is disabled and stays so: what was asked for needs an active one. */
final class AccountDisabled extends Problem {
    private static final long serialVersionUID = 1L;

    AccountDisabled() {
        super(409, "account-disabled", "The account is disabled");
    }
}
