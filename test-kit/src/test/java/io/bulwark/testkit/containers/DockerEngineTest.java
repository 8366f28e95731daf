package io.bulwark.testkit.containers;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DockerEngineTest {
    private static final Duration QUICK = Duration.ofSeconds(20);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @TempDir
    Path folder;

    @Test
    void isNotThereWhereNoSocketIs() {
        assertQuickly(false, folder.resolve("none.sock"));
    }

    @Test
    void isNotThereWhereNobodyListensAnyMore() throws IOException {
        var socket = folder.resolve("left.sock");
        bound(socket).close();

        assertQuickly(false, socket);
    }

    @Test
    void isNotWaitedForWhereItHangs() throws IOException {
        var socket = folder.resolve("hanging.sock");
        try (var server = bound(socket)) {
            assertThat(server.isOpen()).isTrue();

            assertQuickly(false, socket);
        }
    }

    @Test
    void answersItsPing() throws IOException {
        var socket = folder.resolve("engine.sock");
        try (var server = bound(socket)) {
            answerOnce(server, "HTTP/1.0 200 OK\r\n\r\nOK");

            assertThat(DockerEngine.answersAt(socket, PATIENCE)).isTrue();
        }
    }

    @Test
    void isNoEngineThatRefusesItsPing() throws IOException {
        var socket = folder.resolve("other.sock");
        try (var server = bound(socket)) {
            answerOnce(server, "HTTP/1.0 404 Not Found\r\n\r\n");

            assertThat(DockerEngine.answersAt(socket, PATIENCE)).isFalse();
        }
    }

    @Test
    void isLookedForWhereTestcontainersLooks() {
        assertThat(DockerEngine.sockets(Map.of("HOME", "/home/a", "XDG_RUNTIME_DIR", "/run/user/7")))
                .containsExactly(
                        Path.of("/var/run/docker.sock"),
                        Path.of("/run/user/7/docker.sock"),
                        Path.of("/home/a/.docker/run/docker.sock"));
        assertThat(DockerEngine.sockets(Map.of("HOME", "/home/a", "DOCKER_HOST", "unix:///run/own.sock")))
                .containsExactly(Path.of("/run/own.sock"));
        assertThat(DockerEngine.sockets(Map.of("HOME", "/home/a", "DOCKER_HOST", "tcp://engine:2375")))
                .isEmpty();
    }

    private static void assertQuickly(boolean expected, Path socket) {
        var started = System.nanoTime();
        assertThat(DockerEngine.answersAt(socket)).isEqualTo(expected);
        assertThat(Duration.ofNanos(System.nanoTime() - started)).isLessThan(QUICK);
    }

    private static ServerSocketChannel bound(Path socket) throws IOException {
        return ServerSocketChannel.open(StandardProtocolFamily.UNIX).bind(UnixDomainSocketAddress.of(socket));
    }

    private static void answerOnce(ServerSocketChannel server, String answer) {
        Thread.ofVirtual().start(() -> {
            try (var client = server.accept()) {
                client.read(ByteBuffer.allocate(1024));
                client.write(ByteBuffer.wrap(answer.getBytes(US_ASCII)));
            } catch (IOException e) {
                throw new AssertionError(e);
            }
        });
    }
}
