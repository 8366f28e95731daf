package io.bulwark.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Base64;
import org.jose4j.jwk.JsonWebKey;
import org.jose4j.jwk.JsonWebKeySet;
import org.jose4j.jwk.RsaJsonWebKey;
import org.jose4j.jwk.RsaJwkGenerator;
import org.jose4j.lang.JoseException;

/** Stands for auth-service in the tests of the others: discovery and keys over HTTP; {@link Tokens} signs. */
final class TestIssuer {
    static final String KID = "test-key";

    private TestIssuer() {}

    /** Starts it, and leaves its address and key where {@link Tokens} finds them, whatever class loader asks. */
    static String start() {
        var known = System.getProperty(TestSettings.ISSUER);
        if (known != null) {
            return known;
        }
        try {
            RsaJsonWebKey key = RsaJwkGenerator.generateJwk(2048);
            key.setKeyId(KID);
            key.setUse("sig");
            key.setAlgorithm("RS256");
            var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
            var url = "http://127.0.0.1:" + server.getAddress().getPort();
            serve(server, "/.well-known/openid-configuration", """
                    {"issuer":"%1$s","jwks_uri":"%1$s/jwks","token_endpoint":"%1$s/token",\
                    "authorization_endpoint":"%1$s/authorize","subject_types_supported":["public"],\
                    "response_types_supported":["code"],"id_token_signing_alg_values_supported":["RS256"]}""".formatted(url));
            serve(server, "/jwks", new JsonWebKeySet(key).toJson(JsonWebKey.OutputControlLevel.PUBLIC_ONLY));
            server.start();
            System.setProperty(
                    TestSettings.ISSUER_KEY,
                    Base64.getEncoder().encodeToString(key.getPrivateKey().getEncoded()));
            System.setProperty(TestSettings.ISSUER, url);
            return url;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }

    private static void serve(HttpServer server, String path, String json) {
        server.createContext(path, exchange -> {
            var body = json.getBytes(UTF_8);
            exchange.getResponseHeaders().add("Content-Type", "application/json");
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
            exchange.close();
        });
    }
}
