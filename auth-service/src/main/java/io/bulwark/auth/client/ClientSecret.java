package io.bulwark.auth.client;

import java.security.SecureRandom;
import java.util.Base64;

/** A secret of 256 random bits, in letters that need no escaping anywhere. */
final class ClientSecret {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    private ClientSecret() {}

    static String generate() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
