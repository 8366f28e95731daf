package io.bulwark.ratelimit.forwardauth;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** What stands behind a gateway: it answers with what it was asked, so that one sees what a gateway hands on. */
record EchoingApplication(HttpServer server) implements AutoCloseable {
    /** On a free port of this machine. */
    static EchoingApplication start() throws IOException {
        var server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/", exchange -> {
            var seen = new StringBuilder("served ")
                    .append(exchange.getRequestURI())
                    .append('\n');
            exchange.getRequestHeaders()
                    .forEach((name, values) ->
                            seen.append(name).append(": ").append(values).append('\n'));
            var body = seen.toString().getBytes(UTF_8);
            exchange.sendResponseHeaders(200, body.length);
            try (var out = exchange.getResponseBody()) {
                out.write(body);
            }
        });
        server.start();
        return new EchoingApplication(server);
    }

    int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
    }
}
