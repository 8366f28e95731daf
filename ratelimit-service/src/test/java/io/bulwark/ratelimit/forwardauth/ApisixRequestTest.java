package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** APISIX cannot be run here: the bytes that its forward-auth plugin sends with our configuration are answered instead. */
@SuiteTest
class ApisixRequestTest {
    private static final String REQUEST = """
            GET /check/site HTTP/1.1
            Host: 127.0.0.1:8082
            X-Forwarded-Proto: http
            X-Forwarded-Method: POST
            X-Forwarded-Host: shop.example
            X-Forwarded-Uri: /orders?a=b
            X-Forwarded-For: %s
            X-Bulwark-Key: %s
            User-Agent: lua-resty-http/0.17.1 (Lua) ngx_lua/10026

            """;

    @Test
    void itsQuestionIsAnsweredInWhatItHandsOn() throws Exception {
        var key = Api.gatewayKey("apisix", Map.of("hops", 0));
        var blocked = Api.freshAddress();
        Api.block(blocked, "apisix", "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "site", blocked) == 403);

        assertThat(ask(REQUEST.formatted(Api.freshAddress(), key)))
                .startsWith("HTTP/1.1 200 OK\r\n")
                .endsWith("content-length: 0\r\n\r\n");
        assertThat(ask(REQUEST.formatted(blocked, key)))
                .startsWith("HTTP/1.1 403 Forbidden\r\n")
                .containsPattern("(?i)\r\nretry-after: 3[0-9]{3}\r\n")
                .containsIgnoringCase("\r\ncontent-type: application/problem+json\r\n")
                .containsIgnoringCase("\r\ncache-control: no-store\r\n")
                .contains("#abnormal-usage-detected");
    }

    /** With {@code request_method: POST} it sends its client's body: that is passed over, and the connection goes on. */
    @ParameterizedTest
    @ValueSource(ints = {2, 5_000_000})
    void itMayPostToo(int length) throws Exception {
        var key = Api.gatewayKey("apisix", Map.of("hops", 0));
        var question = REQUEST.formatted(Api.freshAddress(), key);
        var posted =
                question.replace("GET", "POST").replace("User-Agent", "Content-Length: " + length + "\nUser-Agent");

        var answers = ask(posted + "x".repeat(length) + question.replace("/check/site", "/auth-request"));

        assertThat(answers).containsPattern("(?s)^HTTP/1.1 200 OK\r\n.*HTTP/1.1 200 OK\r\n");
        assertThat(answers.split("HTTP/1.1 ", -1))
                .as("before, between and after two")
                .hasSize(3);
    }

    /** Its configuration asks at the path of these bytes, and hands on what they are answered with. */
    @Test
    void theShippedConfigurationAsksLikeThat() throws IOException {
        var configuration =
                Files.readString(Path.of(System.getProperty("bulwark.root"), "deploy/gateways/apisix/apisix.yaml"));

        assertThat(configuration)
                .contains("uri: http://127.0.0.1:8082/check/site", "X-Bulwark-Key: \"${{BULWARK_KEY}}\"", "Retry-After")
                .doesNotContain("request_method");
    }

    private static String ask(String request) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), RestAssured.port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write(request.replace("\n", "\r\n").getBytes(UTF_8));
            socket.shutdownOutput();
            return new String(socket.getInputStream().readAllBytes(), UTF_8);
        }
    }
}
