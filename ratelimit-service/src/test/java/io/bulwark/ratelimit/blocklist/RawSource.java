package io.bulwark.ratelimit.blocklist;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;

/** A source that answers whoever asks with these characters, HTTP or not. */
final class RawSource implements AutoCloseable {
    private final ServerSocket socket;

    RawSource(String answer) throws IOException {
        socket = new ServerSocket(0, 10, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
        Thread.ofVirtual().start(() -> serve(answer));
    }

    String url() {
        return "http://127.0.0.1:" + socket.getLocalPort() + "/list";
    }

    private void serve(String answer) {
        while (!socket.isClosed()) {
            try (var connection = socket.accept()) {
                connection.getInputStream().read(new byte[4_096]);
                connection.getOutputStream().write(answer.getBytes(ISO_8859_1));
            } catch (IOException e) {
                continue; // whoever asked has gone, or the source is closed
            }
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
