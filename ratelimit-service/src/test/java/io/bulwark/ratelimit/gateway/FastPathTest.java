package io.bulwark.ratelimit.gateway;

import static org.assertj.core.api.Assertions.assertThat;

import io.quarkus.runtime.ShutdownDelayInitiatedEvent;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The router of a server of Vert.x stands for Quarkus', and tells whom it answers. */
class FastPathTest {
    private final Vertx vertx = Vertx.vertx();
    private final Router router = Router.router(vertx);
    private final AtomicInteger routed = new AtomicInteger();
    private final FastPath path = new FastPath(List.of(FastPathTest::answers), this::route);
    private HttpServer server;

    @BeforeEach
    void listen() {
        path.init(router);
        router.route()
                .handler(context ->
                        context.request().bodyHandler(body -> context.response().end("routed " + body)));
        server = vertx.createHttpServer(
                        new HttpServerOptions().setHost("127.0.0.1").setPort(0))
                .requestHandler(this::route)
                .listen()
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    private void route(HttpServerRequest request) {
        routed.incrementAndGet();
        router.handle(request);
    }

    private static boolean answers(HttpServerRequest request) {
        return switch (request.path()) {
            case "/fast" -> {
                request.response().end("fast");
                yield true;
            }
            case "/fails" -> throw new IllegalStateException("tested");
            default -> false;
        };
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void onlyTheFirstQuestionOfAConnectionTakesTheRouter(Version version) throws Exception {
        try (var client = HttpClient.newBuilder().version(version).build()) {
            ask(client, "/fast"); // over HTTP/2, the one that asks for an upgrade
            ask(client, "/fast");
            routed.set(0);

            assertThat(ask(client, "/fast").body()).isEqualTo("fast");
            assertThat(ask(client, "/fast").version()).isEqualTo(version);

            assertThat(routed).hasValue(0);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void allElseIsTheRoutersWithItsBody(Version version) throws Exception {
        try (var client = HttpClient.newBuilder().version(version).build()) {
            for (var i = 0; i < 3; i++) {
                ask(client, "/fast");
                assertThat(ask(client, "/else").body()).isEqualTo("routed body");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"HTTP_1_1", "HTTP_2"})
    void aQuestionThatFailsIsAProblemAndTheNextIsAnswered(Version version) throws Exception {
        try (var client = HttpClient.newBuilder().version(version).build()) {
            for (var i = 0; i < 3; i++) {
                var failed = ask(client, "/fails");

                assertThat(failed.statusCode()).isEqualTo(500);
                assertThat(failed.headers().firstValue("content-type")).hasValue("application/problem+json");
                assertThat(failed.body()).contains("internal-error").doesNotContain("tested");
                assertThat(ask(client, "/fast").body()).isEqualTo("fast");
            }
        }
    }

    @Test
    void whoStopsLetsTheRouterTell() throws Exception {
        try (var client = HttpClient.newBuilder().version(Version.HTTP_1_1).build()) {
            ask(client, "/fast");
            path.stop(new ShutdownDelayInitiatedEvent());
            routed.set(0);

            assertThat(ask(client, "/fast").body()).isEqualTo("fast");

            assertThat(routed).hasValue(1);
        }
    }

    /** Nobody reads the bodies of what the fast path answers. */
    @Test
    void questionsThatWaitInOneConnectionAreAnsweredInTheirOrder() throws IOException {
        var posted = "POST /fast HTTP/1.1\r\nHost: here\r\nContent-Length: 100000\r\n\r\n" + "x".repeat(100_000);
        var last = "GET /else HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

        assertThat(talk(posted + posted + posted + last)).containsPattern("(?s)(fast.*){3}routed $");
    }

    @Test
    void whatIsNoUriIsForFastRoutesAlone() throws IOException {
        var question = "GET /%s?q=a|b HTTP/1.1\r\nHost: here\r\n\r\n";
        var last = "GET /else?q=a|b HTTP/1.1\r\nHost: here\r\nConnection: close\r\n\r\n";

        assertThat(talk(question.formatted("fast") + question.formatted("fast") + last))
                .containsPattern("(?s)^HTTP/1.1 200 .*fast.* 200 .*fast.* 400 .*malformed-uri");
        assertThat(talk(last)).startsWith("HTTP/1.1 400 ").contains("malformed-uri");
    }

    @Test
    void anotherVersionOfHttpIsRefused() throws IOException {
        assertThat(talk("GET /fast HTTP/1.1\r\nHost: here\r\n\r\nGET /fast HTTP/9.9\r\nHost: here\r\n\r\n"))
                .containsPattern("(?s)^HTTP/1.1 200 .*fast.* 501 ");
    }

    private HttpResponse<String> ask(HttpClient client, String path) throws IOException, InterruptedException {
        var request = HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + server.actualPort() + path))
                .POST(BodyPublishers.ofString("body"))
                .build();
        return client.send(request, BodyHandlers.ofString());
    }

    private String talk(String questions) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.actualPort())) {
            socket.setSoTimeout(5_000);
            socket.getOutputStream().write(questions.getBytes(StandardCharsets.US_ASCII));
            var answers = new ByteArrayOutputStream();
            socket.getInputStream().transferTo(answers);
            return answers.toString(StandardCharsets.US_ASCII);
        }
    }
}
