package io.bulwark.ratelimit.crowdsec;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import jakarta.inject.Inject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Answers of which memory could not hold as many as are asked for. */
@SuiteTest
class LongAnswersTest {
    private static final String EVERYTHING = "/v1/decisions/stream?startup=true";
    private static final int AT_ONCE = 40;
    private static final HttpClient BOUNCER =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

    @Inject
    Ledgers ledgers;

    @Test
    void holdEverythingOnceHoweverManyAskAtOnce() {
        var key = keyOf("long", 10_000);

        Stream.generate(() -> Stream.of(ask(key, EVERYTHING), ask(key, "/v1/decisions")))
                .limit(AT_ONCE / 2)
                .flatMap(asked -> asked)
                .toList()
                .forEach(answer -> {
                    var response = answer.join();
                    assertThat(response.statusCode()).isEqualTo(200);
                    assertThat(response.headers().firstValue("content-type"))
                            .contains("application/json; charset=utf-8");
                    assertThat(decisions(response.body()).stream()
                                    .map(decision -> ((JsonObject) decision).getString("value"))
                                    .distinct())
                            .hasSize(10_000);
                });
    }

    @Test
    void areGivenAgainWhereTheyWereNotReadToTheirEnd() throws IOException {
        var key = keyOf("broken-off", 50_000);
        try (var socket = new Socket()) {
            socket.setReceiveBufferSize(4_096);
            socket.connect(new InetSocketAddress("127.0.0.1", RestAssured.port));
            socket.getOutputStream()
                    .write(("GET " + EVERYTHING + " HTTP/1.1\r\nHost: bulwark\r\nUser-Agent: bouncer\r\nX-Api-Key: "
                                    + key + "\r\n\r\n")
                            .getBytes(US_ASCII));
            assertThat(new String(socket.getInputStream().readNBytes(15), US_ASCII))
                    .isEqualTo("HTTP/1.1 200 OK");
        }

        var rest = ask(key, "/v1/decisions/stream").join().body();

        assertThat(decisions(rest)).hasSize(50_000);
    }

    private static JsonArray decisions(String json) {
        return json.startsWith("[") ? new JsonArray(json) : new JsonObject(json).getJsonArray("new");
    }

    private static CompletableFuture<HttpResponse<String>> ask(String key, String path) {
        return BOUNCER.sendAsync(
                HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + RestAssured.port + path))
                        .header("X-Api-Key", key)
                        .header("User-Agent", "bouncer")
                        .build(),
                BodyHandlers.ofString());
    }

    /** The key of a gateway of an application where so much is blocked. */
    private String keyOf(String application, int blocked) {
        var ledger = ledgers.of(application);
        var terms = new Terms("bulwark", "test", "ban");
        for (var i = 0; i < blocked; i++) {
            var address = Network.parse("203.%d.%d.%d".formatted(i >> 16, i >> 8 & 255, i & 255));
            ledger.put(Key.of(address), terms, Long.MAX_VALUE / 2, 1, Ledgers.NO_NEWS);
        }
        return Api.gatewayKey(application);
    }
}
