package io.bulwark.auth.token;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItems;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.startsWith;

import io.bulwark.auth.AuthFiles;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import jakarta.inject.Inject;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwk.JsonWebKey;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class DiscoveryTest {
    @Inject
    SigningKeys keys;

    @ConfigProperty(name = "bulwark.oidc.issuer")
    String issuer;

    @Test
    void addressesComeFromConfigurationAndNotFromTheRequest() {
        given().header("Host", "evil.example")
                .header("X-Forwarded-Host", "evil.example")
                .header("Forwarded", "host=evil.example")
                .get("/.well-known/openid-configuration")
                .then()
                .statusCode(200)
                .body("issuer", equalTo(issuer))
                .body("jwks_uri", startsWith(issuer))
                .body("token_endpoint", startsWith(issuer))
                .body("grant_types_supported", hasItems("client_credentials", "refresh_token"))
                .body("grant_types_supported", not(hasItems("password")));
    }

    @Test
    void theKeySetHoldsWhatEveryConsumerAsksForAndNothingPrivate() throws Exception {
        var set = given().get("/oauth2/jwks")
                .then()
                .statusCode(200)
                .body("keys", hasSize(1))
                .body("keys[0].kty", equalTo("RSA"))
                .body("keys[0].alg", equalTo("RS256"))
                .body("keys[0].use", equalTo("sig"))
                .extract();

        assertThat(set.<Object>path("keys[0].d")).isNull();
        var key = JsonWebKey.Factory.newJwk(set.<java.util.Map<String, Object>>path("keys[0]"));
        assertThat(key.getKeyId()).isEqualTo(key.calculateBase64urlEncodedThumbprint("SHA-256"));
    }

    @Test
    void aReplicaThatStartsLaterFindsTheSameKey() throws SQLException {
        keys.start(null);

        assertThat(keys.publicJwks()).hasSize(1);
        try (var connection = TestDatabase.asSuperuser();
                var rows = connection.createStatement().executeQuery("select private_jwk from auth.signing_key")) {
            assertThat(rows.next()).isTrue();
            assertThat(new String(rows.getBytes(1), StandardCharsets.ISO_8859_1))
                    .doesNotContain("\"d\"");
            assertThat(rows.next()).isFalse();
        }
    }
}
