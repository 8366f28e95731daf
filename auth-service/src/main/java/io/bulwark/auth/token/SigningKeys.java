package io.bulwark.auth.token;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.Objects.requireNonNull;

import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.runtime.configuration.ConfigurationException;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.persistence.EntityManager;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKey.OutputControlLevel;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * The keys that sign and check tokens, the newest of which signs. Replicas that start together make one: the first
 * holds a lock, and the others find its key.
 */
@ApplicationScoped
class SigningKeys {
    /** The cheapest to verify in Java, which every service does on every call. */
    private static final int RSA_BITS = 2048;

    private static final int BEFORE_OTHERS = 100;

    private final EntityManager entities;
    private final KeySeal seal;
    private final InstantSource clock;
    private final Map<String, RsaJsonWebKey> keys = new LinkedHashMap<>();
    private @Nullable RsaJsonWebKey newest;

    SigningKeys(EntityManager entities, KeySeal seal, InstantSource clock) {
        this.entities = entities;
        this.seal = seal;
        this.clock = clock;
    }

    void start(@Observes @Priority(BEFORE_OTHERS) StartupEvent event) {
        QuarkusTransaction.requiringNew().run(() -> {
            entities.createNativeQuery("select pg_advisory_xact_lock(hashtext('auth.signing-keys'))")
                    .getSingleResult();
            stored().forEach(this::open);
            if (keys.isEmpty()) {
                open(create());
            }
        });
    }

    /** Signs with the newest key; {@code alg} and {@code kid} are set here. */
    void sign(JsonWebSignature jws) throws JoseException {
        var key = requireNonNull(newest, "no signing key before the start");
        jws.setAlgorithmHeaderValue(AlgorithmIdentifiers.RSA_USING_SHA256);
        jws.setKeyIdHeaderValue(key.getKeyId());
        jws.setKey(key.getPrivateKey());
        jws.sign();
    }

    /** @return null for a key that is none of ours */
    @Nullable
    Key verification(@Nullable String kid) {
        var key = keys.get(kid);
        return key == null ? null : key.getKey();
    }

    /** The public parts, as JWKs. */
    List<Map<String, Object>> publicJwks() {
        return keys.values().stream()
                .map(key -> key.toParams(OutputControlLevel.PUBLIC_ONLY))
                .toList();
    }

    private List<SigningKey> stored() {
        return entities.createQuery("from SigningKey order by createdAt", SigningKey.class)
                .getResultList();
    }

    private void open(SigningKey stored) {
        try {
            var jwk = new String(seal.open(stored.privateJwk(), stored.kid()), UTF_8);
            newest = (RsaJsonWebKey) JsonWebKey.Factory.newJwk(jwk);
            keys.put(stored.kid(), newest);
        } catch (GeneralSecurityException e) {
            throw new ConfigurationException("The signing key " + stored.kid()
                    + " was sealed under another key than that of BULWARK_AUTH_KEY_FILE; put the old file back");
        } catch (JoseException e) {
            throw new IllegalStateException("The signing key " + stored.kid() + " is damaged", e);
        }
    }

    private SigningKey create() {
        try {
            var jwk = RsaJwkGenerator.generateJwk(RSA_BITS);
            jwk.setKeyId(jwk.calculateBase64urlEncodedThumbprint("SHA-256"));
            jwk.setUse("sig");
            jwk.setAlgorithm(AlgorithmIdentifiers.RSA_USING_SHA256);
            var sealed =
                    seal.seal(jwk.toJson(OutputControlLevel.INCLUDE_PRIVATE).getBytes(UTF_8), jwk.getKeyId());
            var key =
                    new SigningKey(jwk.getKeyId(), jwk.toJson(OutputControlLevel.PUBLIC_ONLY), sealed, clock.instant());
            entities.persist(key);
            return key;
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
