package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.http.Http2Settings;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.json.JsonArray;
import jakarta.inject.Inject;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Answers that are given up over HTTP/2, where the connection goes on. */
@SuiteTest
class ResetAnswersTest {
    /** What a bouncer takes before it has read. */
    private static final int WINDOW = 16_384;

    /** More than the window, and no more than a single piece. */
    private static final int TOLD = 300;

    private static final long CANCEL = 8; // RFC 9113, section 7

    @Inject
    Ledgers ledgers;

    @Inject
    Vertx vertx;

    private HttpClient client;

    @BeforeEach
    void connect() {
        client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setInitialSettings(new Http2Settings().setInitialWindowSize(WINDOW)));
    }

    @AfterEach
    void close() {
        client.close();
    }

    @ParameterizedTest
    @CsvSource({"0, ''", "0, &startup=true", "600, ''", "600, &startup=true"})
    void areGivenAgain(int others, String startup) {
        var application = "reset-" + others + "-" + startup.length();
        var key = Api.gatewayKey(application);
        assertThat(ask(key, startup)).isNull();
        block(application, "198.51", "test", TOLD);
        block(application, "198.18", "other", others); // so many that the event loop leaves it to a thread

        done(request(key, startup).compose(ResetAnswersTest::giveUp));

        assertThat(ask(key, "")).hasSize(TOLD);
        // its place moves once the service knows that all was sent, a little after it has read that
        await().atMost(SOON).until(() -> ask(key, "") == null);
    }

    private void block(String application, String prefix, String scenario, int addresses) {
        var terms = new Terms("bulwark", scenario, "ban");
        for (var i = 0; i < addresses; i++) {
            var address = Network.parse(prefix + "." + i / 250 + "." + i % 250);
            ledgers.of(application).put(Key.of(address), terms, Long.MAX_VALUE / 2, 1, Ledgers.NO_NEWS);
        }
    }

    private static Future<HttpClientResponse> giveUp(HttpClientRequest request) {
        return request.send().onSuccess(response -> {
            response.exceptionHandler(reset -> {}).pause();
            request.reset(CANCEL);
        });
    }

    private JsonArray ask(String key, String startup) {
        return done(request(key, startup).compose(request -> request.send().compose(HttpClientResponse::body)))
                .toJsonObject()
                .getJsonArray("new");
    }

    private Future<HttpClientRequest> request(String key, String startup) {
        return client.request(new RequestOptions()
                .setHost("127.0.0.1")
                .setPort(RestAssured.port)
                .setMethod(HttpMethod.GET)
                .setURI("/v1/decisions/stream?scenarios_containing=test" + startup)
                .putHeader("X-Api-Key", key)
                .putHeader("User-Agent", "bouncer"));
    }

    private static <T> T done(Future<T> future) {
        return future.toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }
}
