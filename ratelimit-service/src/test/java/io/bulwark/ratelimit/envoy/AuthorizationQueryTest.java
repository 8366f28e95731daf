package io.bulwark.ratelimit.envoy;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class AuthorizationQueryTest {
    @Test
    void whatEnvoySendsIsRead() throws IOException {
        var bytes = CheckRequest.ofEnvoy();
        var query = AuthorizationQuery.read(bytes, GrpcCall.PREFIX, bytes.length - GrpcCall.PREFIX);

        assertThat(query.peer()).isEqualTo("127.0.0.1");
        assertThat(query.header("X-Forwarded-For")).isEqualTo("198.18.0.37,192.0.2.2");
        assertThat(query.header(":method")).isEqualTo("GET");
        assertThat(query.header("x-real-ip")).isNull();
        assertThat(query.extension("bulwark-endpoint")).isEqualTo("site");
        assertThat(query.extension("other")).isNull();
    }

    @Test
    void rawHeadersAreReadLineByLine() throws IOException {
        var query = read(CheckRequest.ofLines(
                "x-forwarded-for", "198.51.100.1", "accept", "*/*", "x-forwarded-for", "198.51.100.2"));

        assertThat(query.header("x-forwarded-for")).isEqualTo("198.51.100.1, 198.51.100.2");
        assertThat(query.peer()).isEmpty();
    }

    @Test
    void aHeaderThatIsNoUtf8KeepsNothingElseFromBeingRead() throws IOException {
        var query = read(CheckRequest.ofLines("x-forwarded-for", "198.51.100.1", "user-agent", "\u00ff\u00fe"));

        assertThat(query.header("x-forwarded-for")).isEqualTo("198.51.100.1");
    }

    @Test
    void nothingAtAllIsAQuestionAboutNobody() throws IOException {
        var query = read(new byte[0]);

        assertThat(query.peer()).isEmpty();
        assertThat(query.lines("x-forwarded-for")).isEmpty();
    }

    @Test
    void whatIsNoSuchMessageIsRefused() {
        assertThatThrownBy(() -> read("rubbish".getBytes(UTF_8))).isInstanceOf(IOException.class);
        var cut = CheckRequest.of("198.51.100.1", Map.of("a", "b"), Map.of());
        assertThatThrownBy(() -> AuthorizationQuery.read(cut, 0, cut.length - 1))
                .isInstanceOf(IOException.class);
    }

    /** A client may send any header: what cannot be read is a refusal, and nothing that somebody has to look into. */
    @Test
    void whateverTheBytesAreTheyAreReadOrRefused() {
        var random = new Random(9);
        var seed = CheckRequest.of("198.51.100.1", Map.of("x-forwarded-for", "198.51.100.2"), Map.of("a", "b"));
        for (var round = 0; round < 100_000; round++) {
            var bytes = seed.clone();
            for (var i = 0; i < 3; i++) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                assertThat(read(bytes).peer()).isNotNull();
            } catch (IOException e) {
                assertThat(e.getMessage()).isNotEmpty();
            }
        }
    }

    private static AuthorizationQuery read(byte[] bytes) throws IOException {
        return AuthorizationQuery.read(bytes, 0, bytes.length);
    }
}
