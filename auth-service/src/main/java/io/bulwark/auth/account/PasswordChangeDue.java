package io.bulwark.auth.account;

/**
 * The state of somebody who signed in with a password that must be changed. The token has no roles and an audience of
 * its own, so that no other service takes it; here it stands for a role that one endpoint admits and nobody can be given.
 */
public final class PasswordChangeDue {
    public static final String ROLE = "password-change-due";

    private PasswordChangeDue() {}
}
