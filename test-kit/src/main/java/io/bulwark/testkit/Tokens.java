package io.bulwark.testkit;

import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Consumer;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.lang.JoseException;

/** Access tokens such as auth-service issues, signed by the test's issuer; spoiled on request. */
public final class Tokens {
    private Tokens() {}

    /** A person with these roles. */
    public static String of(String... roles) {
        return issue(claims -> claims.setStringListClaim("groups", List.of(roles)));
    }

    /** A machine with this role, registered for this application. */
    public static String machine(String role, String application) {
        return issue(claims -> {
            claims.setSubject("client-of-" + application);
            claims.setStringClaim("client_id", "client-of-" + application);
            claims.unsetClaim("email");
            claims.setStringClaim("application", application);
            claims.setStringListClaim("groups", List.of(role));
        });
    }

    /** A valid token without roles, changed before it is signed. */
    public static String issue(Consumer<JwtClaims> change) {
        return sign(claims(change), "at+jwt");
    }

    /** As {@link #issue}, with another JOSE {@code typ}. */
    public static String ofType(String type, Consumer<JwtClaims> change) {
        return sign(claims(change), type);
    }

    private static JwtClaims claims(Consumer<JwtClaims> change) {
        var claims = new JwtClaims();
        claims.setIssuer(TestSettings.get(TestSettings.ISSUER));
        claims.setAudience("bulwark");
        claims.setSubject(UUID.nameUUIDFromBytes(new byte[] {1}).toString());
        claims.setStringClaim("email", "tester@example.com");
        claims.setStringClaim("sid", UUID.randomUUID().toString());
        claims.setClaim("gen", Map.of("all", 0, "user", 0, "client", 0));
        claims.setJwtId(UUID.randomUUID().toString());
        claims.setIssuedAtToNow();
        claims.setExpirationTimeMinutesInTheFuture(5);
        change.accept(claims);
        return claims;
    }

    private static String sign(JwtClaims claims, String type) {
        try {
            var signature = new JsonWebSignature();
            signature.setAlgorithmHeaderValue("RS256");
            signature.setKeyIdHeaderValue(TestIssuer.KID);
            signature.setHeader("typ", type);
            signature.setPayload(claims.toJson());
            signature.setKey(privateKey());
            return signature.getCompactSerialization();
        } catch (JoseException | GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    private static PrivateKey privateKey() throws GeneralSecurityException {
        var encoded = Base64.getDecoder().decode(TestSettings.get(TestSettings.ISSUER_KEY));
        return KeyFactory.getInstance("RSA").generatePrivate(new PKCS8EncodedKeySpec(encoded));
    }
}
