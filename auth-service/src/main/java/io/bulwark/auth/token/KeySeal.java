package io.bulwark.auth.token;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.auth.AuthConfig;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.SecretKey;
import javax.crypto.spec.GCMParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/** Seals what must be stored but not read: AES-256-GCM under the key of a file, bound to what it is the secret of. */
@ApplicationScoped
class KeySeal {
    private static final String CIPHER = "AES/GCM/NoPadding";
    private static final int KEY_BYTES = 32;
    private static final int NONCE_BYTES = 12;
    private static final int TAG_BITS = 128;

    private final SecureRandom random = new SecureRandom();
    private final SecretKey key;

    KeySeal(AuthConfig config) {
        this.key = read(config.keyFile()
                .orElseThrow(() -> new ConfigurationException(
                        "BULWARK_AUTH_KEY_FILE is not set: it names a file with 32 random bytes in base64"
                                + " (openssl rand -base64 32) that seals the signing keys")));
    }

    /** Reads the key before the start waits for anything: a missing one is told at once. */
    void start(@Observes @Priority(0) StartupEvent event) {
        Objects.requireNonNull(key);
    }

    byte[] seal(byte[] plain, String name) {
        var nonce = new byte[NONCE_BYTES];
        random.nextBytes(nonce);
        try {
            var sealed = cipher(Cipher.ENCRYPT_MODE, nonce, name).doFinal(plain);
            return ByteBuffer.allocate(NONCE_BYTES + sealed.length)
                    .put(nonce)
                    .put(sealed)
                    .array();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** @throws GeneralSecurityException where it was sealed under another key or name, or was changed */
    byte[] open(byte[] sealed, String name) throws GeneralSecurityException {
        var buffer = ByteBuffer.wrap(sealed);
        var nonce = new byte[NONCE_BYTES];
        buffer.get(nonce);
        var rest = new byte[buffer.remaining()];
        buffer.get(rest);
        return cipher(Cipher.DECRYPT_MODE, nonce, name).doFinal(rest);
    }

    private Cipher cipher(int mode, byte[] nonce, String name) throws GeneralSecurityException {
        var cipher = Cipher.getInstance(CIPHER);
        cipher.init(mode, key, new GCMParameterSpec(TAG_BITS, nonce));
        cipher.updateAAD(name.getBytes(UTF_8));
        return cipher;
    }

    private static SecretKey read(Path file) {
        byte[] bytes;
        try {
            bytes = Base64.getMimeDecoder().decode(Files.readString(file).strip());
        } catch (IOException e) {
            throw new ConfigurationException("BULWARK_AUTH_KEY_FILE " + file + " cannot be read: " + e.getMessage());
        }
        if (bytes.length != KEY_BYTES) {
            throw new ConfigurationException("BULWARK_AUTH_KEY_FILE " + file + " does not hold 32 bytes in base64");
        }
        return new SecretKeySpec(bytes, "AES");
    }
}
