package io.bulwark.ratelimit.gateway;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import io.bulwark.kit.hash.Sha256;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Base64;

/** A static key: {@code bwk_} and 256 random bits. Shown once. */
record GatewayKey(String text) {
    static final String PREFIX = "bwk_";

    private static final int BYTES = 32;
    private static final int LENGTH = PREFIX.length() + 43;
    private static final SecureRandom RANDOM = new SecureRandom();

    /** One per thread: looking an algorithm up costs more than running it. */
    private static final ThreadLocal<MessageDigest> SHA_256 = ThreadLocal.withInitial(Sha256::digest);

    static GatewayKey random() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return new GatewayKey(PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(bytes));
    }

    /** Cheap: false for most of what is no key. */
    static boolean isOne(String text) {
        return text.length() == LENGTH && text.startsWith(PREFIX);
    }

    byte[] hash() {
        return SHA_256.get().digest(text.getBytes(ISO_8859_1));
    }

    @Override
    public String toString() {
        return PREFIX + "...";
    }
}
