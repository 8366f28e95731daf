package io.bulwark.ratelimit.bulk;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.OperatorSettings;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.bulwark.testkit.Tokens;
import io.quarkus.test.junit.TestProfile;
import io.restassured.RestAssured;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who does not read a list as fast as it can be written. */
@SuiteTest
@TestProfile(OperatorSettings.class)
class ExportReadersTest {
    private static final int BLOCKS = 20_000; // more than any socket holds
    private static final String LAST_CHUNK = "\r\n0\r\n\r\n";

    @BeforeAll
    static void block() throws SQLException {
        execute("""
                insert into ratelimit.block
                    (id, target, application, reason, author, remediation, offences, blocked_at, until, version)
                select gen_random_uuid(), cast('10.0.0.0' as inet) + i, 'readers', repeat('x', 500), 'ann', 'ban', 1,
                    now(), now() + interval '1 hour', 1
                from generate_series(1, %d) as i""".formatted(BLOCKS));
    }

    @AfterAll
    static void forget() throws SQLException {
        execute("delete from ratelimit.block where application = 'readers'");
    }

    private static void execute(String sql) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    @Test
    void whoStopsIsCutOffWithAListThatDoesNotLookWhole() throws IOException {
        try (var one = ask();
                var other = ask()) {
            begin(one);
            begin(other);
            shortList().statusCode(429).header("Content-Disposition", nullValue());

            awaitFree();

            assertThatThrownBy(one.getInputStream()::readAllBytes).isInstanceOf(SocketException.class);
            assertThatThrownBy(other.getInputStream()::readAllBytes).isInstanceOf(SocketException.class);
        }
    }

    @Test
    void whoReadsSlowlyGetsAllOfIt() throws Exception {
        try (var client = ask()) {
            var read = new ByteArrayOutputStream();
            var begin = System.nanoTime();
            for (var some = new byte[1]; some.length > 0; Thread.sleep(50)) {
                some = client.getInputStream().readNBytes(256 * 1_024);
                read.writeBytes(some);
            }

            assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThan(OperatorSettings.EXPORT_PATIENCE);
            assertThat(read.toString(UTF_8)).endsWith(LAST_CHUNK).contains("\"10.0.78.32\"");
        }
    }

    @Test
    void whoLeavesIsNoFailure() throws IOException {
        var failures = new CopyOnWriteArrayList<LogRecord>();
        var root = Logger.getLogger("");
        var probe = new Handler() {
            @Override
            public void publish(LogRecord entry) {
                if (entry.getThrown() != null) {
                    failures.add(entry);
                }
            }

            @Override
            public void flush() {}

            @Override
            public void close() {}
        };
        root.addHandler(probe);
        try {
            for (var client : List.of(ask(), ask())) {
                begin(client);
                client.close();
            }
            awaitFree();
        } finally {
            root.removeHandler(probe);
        }
        assertThat(failures).isEmpty();
    }

    private static void begin(Socket client) throws IOException {
        assertThat(client.getInputStream().readNBytes(15)).asString(UTF_8).isEqualTo("HTTP/1.1 200 OK");
    }

    /** Both who were read to are done. */
    private static void awaitFree() throws IOException {
        awaitShortList();
        try (var another = ask()) {
            begin(another);
            awaitShortList();
        }
    }

    private static void awaitShortList() {
        await().atMost(SOON).until(() -> shortList().extract().statusCode() == 200);
    }

    private static ValidatableResponse shortList() {
        return Api.as("auditor")
                .get("/api/v1/blocks/export?application=nobodys")
                .then();
    }

    private static Socket ask() throws IOException {
        var client = new Socket();
        client.setReceiveBufferSize(4_096);
        client.setSoTimeout((int) SOON.toMillis());
        client.connect(new InetSocketAddress("127.0.0.1", RestAssured.port));
        client.getOutputStream()
                .write(("GET /api/v1/blocks/export?format=csv&application=readers HTTP/1.1\r\nHost: bulwark\r\n"
                                + "Connection: close\r\nAuthorization: Bearer " + Tokens.of("auditor") + "\r\n\r\n")
                        .getBytes(UTF_8));
        return client;
    }
}
