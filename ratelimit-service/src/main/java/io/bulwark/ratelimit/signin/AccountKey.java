package io.bulwark.ratelimit.signin;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Locale;

/**
 * What stands for an account where it is counted: a digest of its name, whose length is bounded and in which nobody reads a
 * password that was typed into the wrong field. Upper case and blanks around it make no other account.
 */
public final class AccountKey {
    private static final int BYTES = 16;

    private AccountKey() {}

    /** 32 hexadecimal digits. */
    public static String of(String account) {
        var name = account.strip().toLowerCase(Locale.ROOT);
        return HexFormat.of().formatHex(sha256(name.getBytes(UTF_8)), 0, BYTES);
    }

    private static byte[] sha256(byte[] bytes) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(bytes);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException(e);
        }
    }
}
