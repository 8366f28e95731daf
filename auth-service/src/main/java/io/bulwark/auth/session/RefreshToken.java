package io.bulwark.auth.session;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.bulwark.kit.hash.Sha256;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Base64;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** One of a session's family of refresh tokens, stored as SHA-256 of 256 random bits and good for one use. */
@Entity
@Table(name = "refresh_token")
class RefreshToken {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final int BYTES = 32;

    @Id
    private String hash;

    private UUID sessionId;
    private Instant issuedAt;
    private @Nullable Instant usedAt;

    @SuppressWarnings("NullAway.Init")
    protected RefreshToken() {}

    RefreshToken(String plain, UUID sessionId, Instant now) {
        this.hash = hash(plain);
        this.sessionId = sessionId;
        this.issuedAt = now;
    }

    /** A new value, for the client's eyes only. */
    static String generate() {
        var bytes = new byte[BYTES];
        RANDOM.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }

    static String hash(String plain) {
        return Sha256.hex(plain.getBytes(US_ASCII));
    }

    boolean isUsed() {
        return usedAt != null;
    }

    void use(Instant now) {
        usedAt = now;
    }

    UUID sessionId() {
        return sessionId;
    }

    Instant issuedAt() {
        return issuedAt;
    }
}
