package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.Api.SOON;

import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientRequest;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls over one h2c connection, as Envoy does. */
final class GrpcClient implements AutoCloseable {
    private static final long CANCEL = 8; // RFC 9113, section 7

    private final Vertx vertx = Vertx.vertx();
    private final AtomicInteger connections = new AtomicInteger();
    private final HttpClient client = vertx.httpClientBuilder()
            .with(new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false))
            .withConnectHandler(connection -> connections.incrementAndGet())
            .build();

    /** @param status of gRPC; null where it is none */
    record Answer(int http, String status, String message, Buffer body) {
        /** Without the prefix. */
        byte[] messageBytes() {
            return unframed(body);
        }
    }

    Answer call(String path, Map<String, String> headers, Buffer body) {
        return call(path, headers, List.of(body));
    }

    /** As {@link #call(String, Map, Buffer)}, the body in so many DATA frames. */
    Answer call(String path, Map<String, String> headers, List<Buffer> frames) {
        return client.request(options(path, headers))
                // the body is asked for where its head arrives: a moment later it may have gone by
                .compose(request -> send(request, frames).compose(GrpcClient::answer))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** Begins a call and gives it up, as Envoy does whose client has gone. */
    void giveUp(String path, Map<String, String> headers) {
        client.request(options(path, headers))
                .compose(request -> request.sendHead().onSuccess(sent -> request.reset(CANCEL)))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
    }

    /** How many it has needed. */
    int connections() {
        return connections.get();
    }

    /** What is in a frame. */
    static byte[] unframed(Buffer framed) {
        return framed.getBytes(GrpcCall.PREFIX, framed.length());
    }

    static Buffer framed(int flags, byte[] message) {
        return Buffer.buffer()
                .appendByte((byte) flags)
                .appendInt(message.length)
                .appendBytes(message);
    }

    @Override
    public void close() {
        vertx.close();
    }

    private static RequestOptions options(String path, Map<String, String> headers) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("localhost")
                .setPort(RestAssured.port)
                .setURI(path)
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers");
        headers.forEach(options::putHeader);
        return options;
    }

    private static Future<HttpClientResponse> send(HttpClientRequest request, List<Buffer> frames) {
        request.setChunked(true); // or a length would be wanted first
        for (var frame : frames.subList(0, frames.size() - 1)) {
            request.write(frame);
        }
        request.end(frames.getLast());
        return request.response();
    }

    private static Future<Answer> answer(HttpClientResponse response) {
        return response.body().map(bytes -> {
            var trailers = response.trailers().contains("grpc-status") ? response.trailers() : response.headers();
            return new Answer(response.statusCode(), trailers.get("grpc-status"), trailers.get("grpc-message"), bytes);
        });
    }
}
