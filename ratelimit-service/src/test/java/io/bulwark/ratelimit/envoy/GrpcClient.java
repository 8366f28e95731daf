package io.bulwark.ratelimit.envoy;

import io.restassured.RestAssured;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.RequestOptions;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Calls over one h2c connection, as Envoy does. */
final class GrpcClient implements AutoCloseable {
    private final Vertx vertx = Vertx.vertx();
    private final HttpClient client = vertx.createHttpClient(
            new HttpClientOptions().setProtocolVersion(HttpVersion.HTTP_2).setHttp2ClearTextUpgrade(false));

    /** @param status of gRPC; null where it is none */
    record Answer(int http, String status, String message, Buffer body) {
        /** Without the prefix. */
        byte[] messageBytes() {
            return body.getBytes(GrpcCall.PREFIX, body.length());
        }
    }

    Answer call(String path, Map<String, String> headers, Buffer body) {
        var options = new RequestOptions()
                .setMethod(HttpMethod.POST)
                .setHost("localhost")
                .setPort(RestAssured.port)
                .setURI(path)
                .putHeader("content-type", "application/grpc")
                .putHeader("te", "trailers");
        headers.forEach(options::putHeader);
        return client.request(options)
                // the body is asked for where its head arrives: a moment later it may have gone by
                .compose(request -> request.send(body).compose(GrpcClient::answer))
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(10, TimeUnit.SECONDS)
                .join();
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

    private static Future<Answer> answer(HttpClientResponse response) {
        return response.body().map(bytes -> {
            var trailers = response.trailers().contains("grpc-status") ? response.trailers() : response.headers();
            return new Answer(response.statusCode(), trailers.get("grpc-status"), trailers.get("grpc-message"), bytes);
        });
    }
}
