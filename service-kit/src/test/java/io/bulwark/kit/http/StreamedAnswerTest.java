package io.bulwark.kit.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.kit.http.StreamedAnswer.Content;
import io.bulwark.kit.http.StreamedAnswer.Unsent;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StreamedAnswerTest {
    private static final Duration PATIENCE = Duration.ofMillis(500);
    private static final int SOON_SECONDS = 30;
    private static final int PIECES = 1_000; // more than any socket holds
    private static final int PIECE = 16_384;
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    private final Vertx vertx = Vertx.vertx();
    private final CompletableFuture<Void> sent = new CompletableFuture<>();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void whoReadsSlowlyGetsAllOfIt() throws Exception {
        try (var client = ask("HTTP/1.1", StreamedAnswerTest::write)) {
            var read = new ByteArrayOutputStream();
            var begin = System.nanoTime();
            for (var some = new byte[1]; some.length > 0; Thread.sleep(20)) {
                some = client.getInputStream().readNBytes(128 * 1_024);
                read.writeBytes(some);
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(PATIENCE);
            assertThat(read.size()).isGreaterThan(PIECES * PIECE);
            assertThat(read.toString(US_ASCII)).endsWith(LAST_CHUNK);
        }
        assertThat(sent).succeedsWithin(SOON_SECONDS, TimeUnit.SECONDS);
    }

    /** A connection that is closed, not reset, would be the end of what was asked for by HTTP/1.0. */
    @ParameterizedTest
    @ValueSource(strings = {"HTTP/1.1", "HTTP/1.0"})
    void whoStopsReadingIsCutOffAndCannotTakeItForTheEnd(String version) throws Exception {
        try (var client = ask(version, StreamedAnswerTest::write)) {
            assertThat(client.getInputStream().readNBytes(12))
                    .asString(US_ASCII)
                    .isEqualTo(version + " 200");
            assertThat(failure()).isInstanceOf(Unsent.class);

            assertThatThrownBy(client.getInputStream()::readAllBytes).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whoLeavesIsNotWaitedFor() throws Exception {
        try (var client = ask("HTTP/1.1", StreamedAnswerTest::write)) {
            client.getInputStream().readNBytes(12);
        }

        assertThat(failure()).isInstanceOf(Unsent.class);
    }

    @Test
    void whatFailsMidwayCannotBeTakenForTheEnd() throws Exception {
        try (var client = ask("HTTP/1.1", pieces -> {
            pieces.accept(Buffer.buffer("a piece"));
            throw new IllegalStateException("no more");
        })) {
            assertThatThrownBy(client.getInputStream()::readAllBytes).isInstanceOf(SocketException.class);
        }
        assertThat(failure()).hasMessage("no more");
    }

    @Test
    void whatFailsBeforeItsFirstPieceIsAnsweredOtherwise() throws Exception {
        try (var client = ask("HTTP/1.1", pieces -> {
            throw new IllegalStateException("nothing");
        })) {
            assertThat(client.getInputStream().readAllBytes())
                    .asString(US_ASCII)
                    .startsWith("HTTP/1.1 503");
        }
    }

    private static Buffer write(Consumer<Buffer> pieces) {
        var piece = "x".repeat(PIECE);
        for (var i = 0; i < PIECES; i++) {
            pieces.accept(Buffer.buffer(piece));
        }
        return Buffer.buffer("the end");
    }

    private Throwable failure() throws Exception {
        return sent.handle((done, failure) -> failure).get(SOON_SECONDS, TimeUnit.SECONDS);
    }

    /** A client that has asked, and takes little before it reads. */
    private Socket ask(String version, Content content) throws IOException {
        var server = vertx.createHttpServer()
                .requestHandler(request -> new StreamedAnswer(request, PATIENCE::toNanos)
                        .send("test", content)
                        .onSuccess(sent::complete)
                        .onFailure(sent::completeExceptionally)
                        .onFailure(e -> {
                            if (!request.response().headWritten()) {
                                request.response().setStatusCode(503).end();
                            }
                        }))
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        var client = new Socket();
        client.setReceiveBufferSize(4_096);
        client.setSoTimeout((int) TimeUnit.SECONDS.toMillis(SOON_SECONDS));
        client.connect(new InetSocketAddress("127.0.0.1", server.actualPort()));
        client.getOutputStream()
                .write(("GET / " + version + "\r\nHost: test\r\nConnection: close\r\n\r\n").getBytes(US_ASCII));
        return client;
    }
}
