package io.bulwark.auth.token;

import static io.bulwark.auth.People.as;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.quarkus.test.common.WithTestResource;
import jakarta.inject.Inject;
import java.util.Base64;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.keys.HmacKey;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class ForgedTokenTest {
    @Inject
    SigningKeys keys;

    private String payload;

    @BeforeEach
    void signIn() {
        payload = People.add().token().split("\\.", -1)[1];
    }

    @Test
    void aTokenOfOurOwnIsTaken() throws Exception {
        assertThat(status(signed(claims -> {}, "at+jwt"))).isEqualTo(200);
    }

    @Test
    void claimsThatDoNotFitAreRefusedThoughWeSignedThem() throws Exception {
        Stream<Consumer<JwtClaims>> spoiled = Stream.of(
                claims -> claims.setExpirationTime(NumericDate.fromSeconds(1)),
                claims -> claims.unsetClaim("exp"),
                claims -> claims.setNotBeforeMinutesInThePast(-10),
                claims -> claims.setIssuer("http://issuer.example"),
                claims -> claims.setAudience("another-service"),
                claims -> claims.unsetClaim("aud"),
                claims -> claims.setClaim("gen", Map.of("all", -1, "user", -1, "client", -1)));
        for (var change : spoiled.toList()) {
            var token = signed(change, "at+jwt");
            assertThat(status(token)).as(token).isEqualTo(401);
        }
    }

    @Test
    void anIdTokenIsNoAccessToken() throws Exception {
        assertThat(status(signed(claims -> {}, "JWT"))).isEqualTo(401);
    }

    @Test
    void keysThatATokenBringsAlongAreNotLookedAt() throws Exception {
        var own = RsaJwkGenerator.generateJwk(2048);
        own.setKeyId(kid());
        assertThat(status(forged(own, jws -> {}))).isEqualTo(401);
        assertThat(status(forged(own, jws -> jws.getHeaders().setJwkHeaderValue("jwk", own))))
                .isEqualTo(401);
        assertThat(status(forged(own, jws -> jws.setHeader("jku", "http://127.0.0.1:1/jwks"))))
                .isEqualTo(401);
        for (var kid : new String[] {"../../etc/passwd", "' or '1'='1", "", "x".repeat(4_000)}) {
            assertThat(status(forged(own, jws -> jws.setKeyIdHeaderValue(kid)))).isEqualTo(401);
        }
    }

    @Test
    void anotherIssuersTokenIsRefused() {
        assertThat(status(Tokens.of("admin"))).isEqualTo(401);
    }

    @Test
    void noAlgorithmButOursIsTaken() throws Exception {
        var valid = signed(claims -> {}, "at+jwt").split("\\.", -1);
        var none = encode("{\"alg\":\"none\",\"typ\":\"at+jwt\",\"kid\":\"" + kid() + "\"}");
        var hmac = new JsonWebSignature();
        hmac.setPayload(new String(Base64.getUrlDecoder().decode(valid[1]), UTF_8));
        hmac.setAlgorithmHeaderValue("HS256");
        hmac.setHeader("typ", "at+jwt");
        hmac.setKeyIdHeaderValue(kid());
        hmac.setKey(new HmacKey(keys.verification(kid()).getEncoded()));

        assertThat(status(none + "." + valid[1] + ".")).isEqualTo(401);
        assertThat(status(none + "." + valid[1] + "." + valid[2])).isEqualTo(401);
        assertThat(status(hmac.getCompactSerialization())).isEqualTo(401);
    }

    @Test
    void aTokenThatWasChangedIsRefused() throws Exception {
        var valid = signed(claims -> {}, "at+jwt").split("\\.", -1);
        var richer = new String(Base64.getUrlDecoder().decode(valid[1]), UTF_8).replace("user", "root");

        assertThat(status(valid[0] + "." + encode(richer) + "." + valid[2])).isEqualTo(401);
        for (var rubbish : new String[] {valid[0] + "." + valid[1] + ".", "..", ".", "x", valid[0], "a.b.c.d.e"}) {
            assertThat(status(rubbish)).as(rubbish).isEqualTo(401);
        }
    }

    private int status(String token) {
        return as(token).get("/api/v1/me").statusCode();
    }

    private String signed(Consumer<JwtClaims> change, String type) throws Exception {
        var jws = new JsonWebSignature();
        jws.setPayload(claims(change));
        jws.setHeader("typ", type);
        keys.sign(jws);
        return jws.getCompactSerialization();
    }

    private String forged(RsaJsonWebKey own, Consumer<JsonWebSignature> change) throws Exception {
        var jws = new JsonWebSignature();
        jws.setPayload(claims(claims -> {}));
        jws.setAlgorithmHeaderValue("RS256");
        jws.setHeader("typ", "at+jwt");
        jws.setKeyIdHeaderValue(kid());
        jws.setKey(own.getPrivateKey());
        change.accept(jws);
        return jws.getCompactSerialization();
    }

    /** Those of a real token, so that nothing but the change can be the reason for a refusal. */
    private String claims(Consumer<JwtClaims> change) throws Exception {
        var claims = JwtClaims.parse(new String(Base64.getUrlDecoder().decode(payload), UTF_8));
        change.accept(claims);
        return claims.toJson();
    }

    private String kid() {
        return (String) keys.publicJwks().getLast().get("kid");
    }

    private static String encode(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(UTF_8));
    }
}
