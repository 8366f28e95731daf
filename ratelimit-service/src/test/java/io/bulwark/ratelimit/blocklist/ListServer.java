package io.bulwark.ratelimit.blocklist;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** A publisher of lists. */
final class ListServer implements AutoCloseable {
    private final Map<String, Page> pages = new ConcurrentHashMap<>();
    private final Map<String, AtomicInteger> asked = new ConcurrentHashMap<>();
    private final Map<String, Pause> pauses = new ConcurrentHashMap<>();
    private final HttpServer server;

    private record Page(int status, Map<String, String> headers, String body) {}

    /** What happens between a question and its answer. */
    private interface Pause {
        void pass() throws InterruptedException;
    }

    ListServer() {
        try {
            server =
                    HttpServer.create(new InetSocketAddress(InetAddress.getByAddress(new byte[] {127, 0, 0, 1}), 0), 0);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        server.createContext("/", this::answer);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.start();
    }

    String url(String path) {
        return "http://127.0.0.1:" + server.getAddress().getPort() + path;
    }

    /** Whoever knows it by this tag is told that it has not changed. */
    void publish(String path, String tag, String body) {
        pages.put(path, new Page(200, Map.of("ETag", tag, "Last-Modified", "Tue, 24 Nov 2026 12:00:00 GMT"), body));
    }

    void redirect(String path, int status, String to) {
        pages.put(path, new Page(status, Map.of("Location", to), ""));
    }

    void fail(String path, int status) {
        pages.put(path, new Page(status, Map.of(), "<html>"));
    }

    /** Whoever asks is answered when it is released, with what was there when it asked. */
    CountDownLatch hold(String path) {
        var release = new CountDownLatch(1);
        pauses.put(path, release::await);
        return release;
    }

    /** Whoever asks is answered so much later. */
    void delay(String path, Duration delay) {
        pauses.put(path, () -> Thread.sleep(delay));
    }

    int asked(String path) {
        return asked.getOrDefault(path, new AtomicInteger()).get();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            var path = exchange.getRequestURI().toString();
            var page = pages.getOrDefault(path, new Page(404, Map.of(), ""));
            asked.computeIfAbsent(path, key -> new AtomicInteger()).incrementAndGet();
            pass(pauses.remove(path));
            page.headers().forEach(exchange.getResponseHeaders()::add);
            var tag = page.headers().get("ETag");
            if (tag != null && tag.equals(exchange.getRequestHeaders().getFirst("If-None-Match"))) {
                exchange.sendResponseHeaders(304, -1);
                return;
            }
            var body = page.body().getBytes(UTF_8);
            exchange.sendResponseHeaders(page.status(), body.length == 0 ? -1 : 0);
            exchange.getResponseBody().write(body);
        }
    }

    private static void pass(@Nullable Pause pause) {
        try {
            if (pause != null) {
                pause.pass();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
