package io.bulwark.auth.client;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.hash.Sha256;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** A machine. Its secret is stored as SHA-256: 256 random bits need no slow hash. Its id is never given to another. */
@Entity
public class Client {
    @Id
    private String id;

    private List<String> roles;
    private String application;
    private String secretHash;
    private Instant createdAt;
    private String createdBy;
    private @Nullable Instant deletedAt;

    @SuppressWarnings("NullAway.Init")
    protected Client() {}

    Client(String id, Collection<String> roles, String application, String secret, String createdBy, Instant now) {
        this.id = id;
        this.roles = sorted(roles);
        this.application = application;
        this.secretHash = hash(secret);
        this.createdBy = createdBy;
        this.createdAt = now;
    }

    boolean hasSecret(String secret) {
        return MessageDigest.isEqual(secretHash.getBytes(UTF_8), hash(secret).getBytes(UTF_8));
    }

    public boolean hasSameSecret(Client other) {
        return secretHash.equals(other.secretHash);
    }

    /** @return true where what it may do, for whom, or its secret has changed */
    boolean become(Collection<String> newRoles, String newApplication, String newSecret) {
        var changed = !roles.equals(sorted(newRoles))
                || !application.equals(newApplication)
                || !hasSecret(newSecret)
                || deletedAt != null;
        if (changed) {
            roles = sorted(newRoles);
            application = newApplication;
            secretHash = hash(newSecret);
            deletedAt = null;
        }
        return changed;
    }

    void delete(Instant now) {
        deletedAt = now;
    }

    boolean isDeleted() {
        return deletedAt != null;
    }

    public String id() {
        return id;
    }

    public List<String> roles() {
        return roles;
    }

    public String application() {
        return application;
    }

    Instant createdAt() {
        return createdAt;
    }

    String createdBy() {
        return createdBy;
    }

    private static List<String> sorted(Collection<String> roles) {
        return List.copyOf(new TreeSet<>(roles));
    }

    private static String hash(String secret) {
        return Sha256.hex(secret.getBytes(UTF_8));
    }
}
