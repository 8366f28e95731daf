package io.bulwark.auth.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator.BlockPool;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** An Argon2id hash in PHC string format: {@code $argon2id$v=19$m=19456,t=2,p=1$salt$hash}. */
record Argon2Hash(int memoryKib, int iterations, int lanes, byte[] salt, byte[] hash) {
    private static final int HASH_BYTES = 32;
    private static final int MAX_MEMORY_KIB = 1 << 20;
    private static final Pattern PHC = Pattern.compile(
            "\\$argon2id\\$v=19\\$m=(\\d{1,7}),t=(\\d{1,3}),p=(\\d{1,2})\\$([A-Za-z0-9+/]+)\\$([A-Za-z0-9+/]+)");

    static Argon2Hash of(String password, byte[] salt, int memoryKib, int iterations, BlockPool pool) {
        var hash = compute(password, salt, memoryKib, iterations, 1, HASH_BYTES, pool);
        return new Argon2Hash(memoryKib, iterations, 1, salt, hash);
    }

    static Argon2Hash parse(String phc) {
        Matcher parts = PHC.matcher(phc);
        if (!parts.matches() || Integer.parseInt(parts.group(1)) > MAX_MEMORY_KIB) {
            throw new IllegalArgumentException("Not an Argon2id PHC string");
        }
        return new Argon2Hash(
                Integer.parseInt(parts.group(1)),
                Integer.parseInt(parts.group(2)),
                Integer.parseInt(parts.group(3)),
                Base64.getDecoder().decode(parts.group(4)),
                Base64.getDecoder().decode(parts.group(5)));
    }

    boolean matches(String password, BlockPool pool) {
        return MessageDigest.isEqual(hash, compute(password, salt, memoryKib, iterations, lanes, hash.length, pool));
    }

    boolean isWeakerThan(int otherMemoryKib, int otherIterations) {
        return (long) memoryKib * iterations < (long) otherMemoryKib * otherIterations;
    }

    String phc() {
        var base64 = Base64.getEncoder().withoutPadding();
        return "$argon2id$v=19$m=" + memoryKib + ",t=" + iterations + ",p=" + lanes + "$" + base64.encodeToString(salt)
                + "$" + base64.encodeToString(hash);
    }

    private static byte[] compute(
            String password, byte[] salt, int memoryKib, int iterations, int lanes, int length, BlockPool pool) {
        var generator = new Argon2BytesGenerator();
        generator.init(new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
                .withVersion(Argon2Parameters.ARGON2_VERSION_13)
                .withMemoryAsKB(memoryKib)
                .withIterations(iterations)
                .withParallelism(lanes)
                .withSalt(salt)
                .withBlockPool(pool)
                .build());
        var hash = new byte[length];
        generator.generateBytes(password.getBytes(UTF_8), hash);
        return hash;
    }
}
