package io.bulwark.auth.token;

import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A stored RSA key: the public part as a JWK, the private part sealed. */
@Entity
@Table(name = "signing_key")
class SigningKey {
    @Id
    private String kid;

    private String publicJwk;
    private byte[] privateJwk;
    private Instant createdAt;

    @SuppressWarnings("NullAway.Init")
    protected SigningKey() {}

    SigningKey(String kid, String publicJwk, byte[] privateJwk, Instant createdAt) {
        this.kid = kid;
        this.publicJwk = publicJwk;
        this.privateJwk = privateJwk.clone();
        this.createdAt = createdAt;
    }

    String kid() {
        return kid;
    }

    String publicJwk() {
        return publicJwk;
    }

    byte[] privateJwk() {
        return privateJwk.clone();
    }

    Instant createdAt() {
        return createdAt;
    }
}
