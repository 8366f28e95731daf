package io.bulwark.ratelimit.signin;

import java.util.Locale;

/**
 * What stands for an account where it is counted: a digest of its name, whose length is bounded and in which nobody reads a
 * password that was typed into the wrong field.
 */
public final class AccountKey {
    /** The longest e-mail address there can be (RFC 3696, erratum 1690). */
    public static final int LONGEST_NAME = 320;

    private AccountKey() {}

    /** 32 hexadecimal digits. */
    public static String of(String account) {
        return PlainText.digest(name(account));
    }

    /** The account's name as it is told of: upper case and blanks around it make no other account. */
    public static String name(String account) {
        return PlainText.of(account.toLowerCase(Locale.ROOT), LONGEST_NAME);
    }
}
