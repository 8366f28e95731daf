package io.bulwark.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * Asks {@code ShouldRateLimit} about another address each time, over one connection with 100 streams, as fast as it goes: other
 * loaders of gRPC send what is always the same.
 */
public final class GrpcFlood {
    private static final int STREAMS = 100;
    private static final int OK = 200;

    /** Bytes: so many that the server never waits for it. */
    private static final int WINDOW = 1 << 28;

    private static final int ADDRESSES = 0xFF_FFFF;

    private final HttpClient client;
    private final RequestOptions question;
    private final AtomicInteger asked;
    private final AtomicInteger answered = new AtomicInteger();
    private final long end;

    private GrpcFlood(HttpClient client, RequestOptions question, AtomicInteger asked, long end) {
        this.client = client;
        this.question = question;
        this.asked = asked;
        this.end = end;
    }

    /**
     * For each line of the input, a gateway's key and for how many seconds to ask, writes one: how many were answered, and how
     * many a second.
     *
     * @param arguments the URL
     */
    public static void main(String[] arguments) throws IOException {
        var vertx =
                Vertx.vertx(new VertxOptions().setPreferNativeTransport(true).setEventLoopPoolSize(1));
        try {
            flood(vertx, arguments[0]);
        } finally {
            vertx.close().toCompletionStage().toCompletableFuture().join();
        }
    }

    private static void flood(Vertx vertx, String url) throws IOException {
        var client = vertx.createHttpClient(new HttpClientOptions()
                .setProtocolVersion(HttpVersion.HTTP_2)
                .setHttp2ClearTextUpgrade(false)
                .setHttp2ConnectionWindowSize(WINDOW)
                .setHttp2MaxPoolSize(1));
        var asked = new AtomicInteger();
        var input = new BufferedReader(new InputStreamReader(System.in, US_ASCII));
        for (var line = input.readLine(); line != null; line = input.readLine()) {
            var words = line.split(" ", 2);
            var nanos = TimeUnit.SECONDS.toNanos(Long.parseLong(words[1]));
            var question = new RequestOptions()
                    .setAbsoluteURI(url)
                    .setMethod(HttpMethod.POST)
                    .putHeader(HttpHeaders.CONTENT_TYPE, "application/grpc")
                    .putHeader("te", "trailers")
                    .putHeader("x-api-key", words[0]);
            var start = System.nanoTime();
            var answered = new GrpcFlood(client, question, asked, start + nanos).run();
            System.out.printf("%d %.0f%n", answered, answered * 1e9 / (System.nanoTime() - start));
        }
    }

    private int run() {
        Future.join(IntStream.range(0, STREAMS).mapToObj(stream -> stream()).toList())
                .toCompletionStage()
                .toCompletableFuture()
                .join();
        return answered.get();
    }

    private Future<Void> stream() {
        return client.request(question)
                .compose(request -> request.send(ask(asked.incrementAndGet() & ADDRESSES)))
                .compose(GrpcFlood::read)
                .compose(read -> {
                    answered.incrementAndGet();
                    return System.nanoTime() < end ? stream() : Future.succeededFuture();
                });
    }

    /** A failure is an answer without a message. */
    private static Future<Buffer> read(HttpClientResponse response) {
        return response.statusCode() == OK
                ? response.body()
                        .compose(body -> body.length() > 0
                                ? Future.succeededFuture(body)
                                : Future.failedFuture(String.valueOf(response.getTrailer("grpc-message"))))
                : Future.failedFuture("HTTP " + response.statusCode());
    }

    /** {@code RateLimitRequest{domain: "edge", descriptors: [{entries: [{key: "remote_address", value: ...}]}]}}, as a frame. */
    private static Buffer ask(int n) {
        var address = "100." + (n >> 16) + '.' + (n >> 8 & 0xFF) + '.' + (n & 0xFF);
        var entry = field(1, Buffer.buffer("remote_address")).appendBuffer(field(2, Buffer.buffer(address)));
        var request = field(1, Buffer.buffer("edge")).appendBuffer(field(2, field(1, entry)));
        return Buffer.buffer().appendByte((byte) 0).appendInt(request.length()).appendBuffer(request);
    }

    private static Buffer field(int number, Buffer value) {
        return Buffer.buffer()
                .appendByte((byte) (number << 3 | 2))
                .appendByte((byte) value.length())
                .appendBuffer(value);
    }
}
