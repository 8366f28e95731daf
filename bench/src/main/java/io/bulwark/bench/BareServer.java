package io.bulwark.bench;

import io.vertx.core.AbstractVerticle;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import java.util.HexFormat;

/**
 * What a decision costs before anything is decided: over h2c it reads a {@code ShouldRateLimit} and answers what is always the
 * same, over HTTP/1.1 it answers 200 to everything. On as many event loops as Quarkus has, and on the same transport.
 */
public final class BareServer extends AbstractVerticle {
    private static final CharSequence GRPC = HttpHeaders.createOptimized("application/grpc");
    private static final CharSequence STATUS = HttpHeaders.createOptimized("grpc-status");
    private static final CharSequence OK = HttpHeaders.createOptimized("0");

    /** OK, and of one descriptor: 3 of 5 a minute remain, until all are there again in 24 s. */
    private static final byte[] ANSWER = HexFormat.of()
            .parseHex("0000000012" + "0801" + "120e" + "0801" + "1204" + "08051002" + "1803" + "22020818");

    private final int port;

    private BareServer(int port) {
        this.port = port;
    }

    /** @param arguments the port to listen on, on all addresses */
    public static void main(String[] arguments) {
        var port = Integer.parseInt(arguments[0]);
        var loops = Math.max(2, Runtime.getRuntime().availableProcessors());
        Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(loops))
                .deployVerticle(() -> new BareServer(port), new DeploymentOptions().setInstances(loops))
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @Override
    public void start() {
        vertx.createHttpServer(new HttpServerOptions())
                .requestHandler(BareServer::answer)
                .listen(port);
    }

    private static void answer(HttpServerRequest request) {
        if (request.version() != HttpVersion.HTTP_2) {
            request.response().end();
            return;
        }
        request.handler(chunk -> {});
        request.endHandler(end -> request.response()
                .putHeader(HttpHeaders.CONTENT_TYPE, GRPC)
                .putTrailer(STATUS, OK)
                .end(Buffer.buffer(ANSWER)));
    }
}
