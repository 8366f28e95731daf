package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.UUID;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A gateway is told the same in either version of HTTP, again and again on one connection. */
@SuiteTest
class HttpVersionsTest {
    private static final int OFTEN = 20;

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void everyQuestionIsAnswered(Version version) throws Exception {
        var application = "version-" + UUID.randomUUID();
        var key = Api.gatewayKey(application);
        var blocked = Api.freshAddress();
        var served = Api.freshAddress();
        Api.block(blocked, application, "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "any", blocked) == 403);
        try (var client = HttpClient.newBuilder().version(version).build()) {
            for (var i = 0; i < OFTEN; i++) {
                var refusal = ask(client, key, blocked);
                assertThat(refusal.version()).isEqualTo(version);
                assertThat(refusal.statusCode()).isEqualTo(403);
                assertThat(refusal.body())
                        .startsWith("{\"type\":")
                        .endsWith("\"reference\":\""
                                + refusal.headers()
                                        .firstValue("X-Bulwark-Reference")
                                        .orElse("none") + "\"}");

                var allowed = ask(client, key, served);
                assertThat(allowed.statusCode()).isEqualTo(200);
                assertThat(allowed.body()).isEmpty();
            }
        }
    }

    /** What a gateway takes from its client it asks about, and a client with many cookies is not to be refused for them. */
    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void whatIsLongIsReadToo(Version version) throws Exception {
        var key = Api.gatewayKey("long");
        try (var client = HttpClient.newBuilder().version(version).build()) {
            assertThat(ask(client, key, Api.freshAddress()).version()).isEqualTo(version);
            var line = question("/ext-authz/?q=" + "x".repeat(8_000), key, Api.freshAddress());
            var headers = question("/check/site", key, Api.freshAddress());
            for (var i = 0; i < 3; i++) {
                headers.header("Cookie", "c=" + "x".repeat(8_000));
            }

            assertThat(client.send(line.build(), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
            assertThat(client.send(headers.build(), BodyHandlers.discarding()).statusCode())
                    .isEqualTo(200);
        }
    }

    private static HttpResponse<String> ask(HttpClient client, String key, String address)
            throws IOException, InterruptedException {
        return client.send(question("/check/any", key, address).build(), BodyHandlers.ofString());
    }

    private static HttpRequest.Builder question(String path, String key, String address) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
                .header("X-Api-Key", key)
                .header("X-Forwarded-For", address);
    }
}
