package io.bulwark.ratelimit.blocklist;

import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClientResponse;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.RequestOptions;
import io.vertx.core.net.SocketAddress;
import jakarta.enterprise.context.ApplicationScoped;
import java.net.InetAddress;
import java.net.URI;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** Fetches a list over HTTP, bounded in time and bytes. Every redirect is checked like the first URL. */
@ApplicationScoped
class ListDownload {
    private static final int MOST_REDIRECTS = 5;
    private static final int CONNECT_MILLIS = 5_000;
    private static final int LONGEST_HEADER = 200;
    private static final Set<Integer> REDIRECTS = Set.of(301, 302, 303, 307, 308);

    private final Vertx vertx;
    private final SourceGuard guard;
    private final BlocklistConfig config;

    ListDownload(Vertx vertx, SourceGuard guard, BlocklistConfig config) {
        this.vertx = vertx;
        this.guard = guard;
        this.config = config;
    }

    /**
     * What the source says.
     *
     * @param body null where the list is what it was
     */
    record Fetched(
            byte @Nullable [] body,
            @Nullable String etag,
            @Nullable String lastModified) {}

    private record Answer(
            int status,
            @Nullable String location,
            @Nullable String etag,
            @Nullable String lastModified,
            Buffer body) {}

    /** Blocks for as long as it takes: no longer than is set, redirects and all, once its hosts' addresses are known. */
    Fetched fetch(String text, @Nullable String etag, @Nullable String lastModified) throws FetchFailed {
        var deadline = System.nanoTime() + config.timeout().toNanos();
        var url = guard.url(text);
        for (var redirects = 0; redirects <= MOST_REDIRECTS; redirects++) {
            var answer = ask(request(url, guard.address(url), etag, lastModified), deadline);
            if (answer.status() == 200) {
                return new Fetched(answer.body().getBytes(), answer.etag(), answer.lastModified());
            }
            if (answer.status() == 304 && (etag != null || lastModified != null)) {
                return new Fetched(null, etag, lastModified);
            }
            if (!REDIRECTS.contains(answer.status()) || answer.location() == null) {
                throw new FetchFailed("Its source answers " + answer.status());
            }
            url = follow(url, answer.location());
        }
        throw new FetchFailed("Its source redirects more than " + MOST_REDIRECTS + " times");
    }

    private URI follow(URI from, String location) throws FetchFailed {
        try {
            var to = guard.url(from.resolve(location).toString());
            if (from.getScheme().equalsIgnoreCase("https") && !to.getScheme().equalsIgnoreCase("https")) {
                throw new FetchFailed("Its source redirects from https to http");
            }
            return to;
        } catch (IllegalArgumentException e) {
            throw new FetchFailed("Its source redirects to what is no URL");
        }
    }

    private Answer ask(RequestOptions options, long deadline) throws FetchFailed {
        var client = vertx.createHttpClient(new HttpClientOptions()
                .setConnectTimeout(CONNECT_MILLIS)
                .setKeepAlive(false)
                .setVerifyHost(true));
        try {
            var answer = client.request(options)
                    // the body is asked for where its head arrives: a moment later part of it may have gone by
                    .compose(request -> request.send().compose(this::answer))
                    .toCompletionStage()
                    .toCompletableFuture()
                    .get(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
            if (System.nanoTime() - deadline > 0) { // an answer that is there is had, however late
                throw new TimeoutException();
            }
            return answer;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof FetchFailed failed) {
                throw failed;
            }
            throw new FetchFailed("Its source cannot be reached: " + e.getCause());
        } catch (TimeoutException e) {
            throw new FetchFailed("Its source takes longer than " + config.timeout());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new FetchFailed("Interrupted");
        } finally {
            client.close();
        }
    }

    private static RequestOptions request(
            URI url, InetAddress address, @Nullable String etag, @Nullable String lastModified) {
        var tls = url.getScheme().equalsIgnoreCase("https");
        var port = url.getPort() >= 0 ? url.getPort() : tls ? 443 : 80;
        var path = url.getRawPath() == null || url.getRawPath().isEmpty() ? "/" : url.getRawPath();
        var options = new RequestOptions()
                .setMethod(HttpMethod.GET)
                .setServer(SocketAddress.inetSocketAddress(port, address.getHostAddress()))
                .setHost(url.getHost())
                .setPort(port)
                .setSsl(tls)
                .setURI(url.getRawQuery() == null ? path : path + "?" + url.getRawQuery())
                .putHeader("User-Agent", "bulwark-ratelimit")
                .putHeader("Accept", "text/plain, text/csv, application/json, */*;q=0.5");
        if (etag != null) {
            options.putHeader("If-None-Match", etag);
        }
        if (lastModified != null) {
            options.putHeader("If-Modified-Since", lastModified);
        }
        return options;
    }

    private Future<Answer> answer(HttpClientResponse response) {
        var most = config.maxSize().asLongValue();
        var body = Buffer.buffer();
        Promise<Answer> answered = Promise.promise();
        response.handler(part -> {
            if (body.length() + (long) part.length() > most) {
                answered.tryFail(new FetchFailed("It has more than " + most + " bytes"));
                response.request().connection().close();
            } else {
                body.appendBuffer(part);
            }
        });
        response.exceptionHandler(answered::tryFail);
        response.endHandler(end -> answered.tryComplete(new Answer(
                response.statusCode(),
                response.getHeader("Location"),
                header(response, "ETag"),
                header(response, "Last-Modified"),
                body)));
        return answered.future();
    }

    private static @Nullable String header(HttpClientResponse response, String name) {
        var value = response.getHeader(name);
        return value == null || value.length() > LONGEST_HEADER ? null : value;
    }
}
