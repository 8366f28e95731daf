package io.bulwark.testkit.containers;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * Whether a Docker engine answers on this machine, asked of its socket itself: Testcontainers, asked the same, takes
 * seconds to say no and logs a stack trace. An engine elsewhere ({@code DOCKER_HOST=tcp://...}) does not count: the
 * tests connect to 127.0.0.1.
 */
final class DockerEngine {
    private static final Duration PATIENCE = Duration.ofMillis(200);
    private static final String UNIX = "unix://";

    private DockerEngine() {}

    static boolean answers(Map<String, String> environment) {
        return sockets(environment).anyMatch(DockerEngine::answersAt);
    }

    /** The places that Testcontainers tries too. */
    static Stream<Path> sockets(Map<String, String> environment) {
        var told = environment.get("DOCKER_HOST");
        if (told != null) {
            return told.startsWith(UNIX) ? Stream.of(Path.of(told.substring(UNIX.length()))) : Stream.empty();
        }
        return Stream.of(
                        Optional.of("/var/run/docker.sock"),
                        Optional.ofNullable(environment.get("XDG_RUNTIME_DIR")).map(folder -> folder + "/docker.sock"),
                        Optional.ofNullable(environment.get("HOME")).map(home -> home + "/.docker/run/docker.sock"))
                .flatMap(Optional::stream)
                .map(Path::of);
    }

    static boolean answersAt(Path socket) {
        return answersAt(socket, PATIENCE);
    }

    static boolean answersAt(Path socket, Duration patience) {
        if (!Files.exists(socket)) {
            return false;
        }
        try (var channel = SocketChannel.open(StandardProtocolFamily.UNIX);
                var selector = Selector.open()) {
            channel.connect(UnixDomainSocketAddress.of(socket));
            channel.write(ByteBuffer.wrap("GET /_ping HTTP/1.0\r\nHost: docker\r\n\r\n".getBytes(US_ASCII)));
            channel.configureBlocking(false);
            channel.register(selector, SelectionKey.OP_READ);
            var answer = ByteBuffer.allocate("HTTP/1.x 200".length());
            var deadline = System.nanoTime() + patience.toNanos();
            while (answer.hasRemaining()) {
                var left = (deadline - System.nanoTime()) / 1_000_000;
                if (left <= 0 || selector.select(left) == 0 || channel.read(answer) < 0) {
                    return false;
                }
                selector.selectedKeys().clear();
            }
            return new String(answer.array(), US_ASCII).endsWith(" 200");
        } catch (IOException e) {
            return false; // nobody listens there, or we may not ask
        }
    }
}
