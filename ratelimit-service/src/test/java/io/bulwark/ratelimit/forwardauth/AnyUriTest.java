package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Clients ask for what is no URI, and Envoy and Caddy hand it on as it is. */
@SuiteTest
class AnyUriTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "/ext-authz/a|b",
                "/ext-authz/[a]",
                "/ext-authz/%",
                "/ext-authz/%zz",
                "/ext-authz/\\..\\a",
                "/ext-authz//",
                "/ext-authz/é",
                "/ext-authz/?q={\"a\":`b`}^",
                "/check/site?family=A|B",
                "/auth-request/site?%"
            })
    void isAskedAboutLikeAnyOther(String uri) throws IOException {
        var key = Api.gatewayKey("uris", Map.of("hops", 0));
        var question = "GET " + uri + " HTTP/1.1\r\nHost: here\r\nX-Bulwark-Key: " + key + "\r\nX-Forwarded-For: ";

        assertThat(talk(question + Api.freshAddress() + "\r\n\r\n", question + Api.freshAddress() + "\r\n\r\n"))
                .as("the first of a connection, and another")
                .containsPattern("(?s)^HTTP/1.1 200 .*HTTP/1.1 200 ");
    }

    @Test
    void theApiTakesUrisOnly() throws IOException {
        assertThat(talk("GET /api/v1/blocks?reason=a|b HTTP/1.1\r\nHost: here\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ")
                .contains("application/problem+json");
        assertThat(talk("GET /v1/decisions?ip=a|b HTTP/1.1\r\nHost: here\r\n\r\n"))
                .startsWith("HTTP/1.1 400 ");
    }

    private static String talk(String... questions) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write(String.join("", questions).getBytes(ISO_8859_1));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
        }
    }
}
