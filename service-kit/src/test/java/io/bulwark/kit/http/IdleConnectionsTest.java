package io.bulwark.kit.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerOptions;
import java.net.Socket;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class IdleConnectionsTest {
    private static final int PATIENCE_MILLIS = 20_000;

    private final Vertx vertx = Vertx.vertx();

    @AfterEach
    void close() {
        vertx.close().toCompletionStage().toCompletableFuture().join();
    }

    @Test
    void aClientThatSaysNothingIsLeftThoughItIsWrittenTo() throws Exception {
        var options = new HttpServerOptions().setIdleTimeout(500).setIdleTimeoutUnit(TimeUnit.MILLISECONDS);
        new IdleConnections().customizeHttpServer(options);
        var server = vertx.createHttpServer(options)
                .requestHandler(request -> {
                    var response = request.response().setChunked(true);
                    vertx.setPeriodic(100, timer -> response.write("more").onFailure(gone -> vertx.cancelTimer(timer)));
                })
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();

        try (var client = new Socket("127.0.0.1", server.actualPort())) {
            client.setSoTimeout(PATIENCE_MILLIS);
            client.getOutputStream().write("GET / HTTP/1.1\r\nHost: test\r\n\r\n".getBytes(US_ASCII));

            // to the end of the stream: where nobody closes it, it has none
            var read = new byte[1_024];
            var begin = System.nanoTime();
            while (client.getInputStream().read(read) >= 0) {
                assertThat(TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - begin))
                        .isLessThan(PATIENCE_MILLIS);
            }
        }
    }
}
