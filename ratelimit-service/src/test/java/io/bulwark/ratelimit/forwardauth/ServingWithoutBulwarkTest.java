package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Gateways that are told, in the words of their shipped files, to serve everybody while Bulwark is away. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class ServingWithoutBulwarkTest {
    private static final String APPLICATION = "fail-open";

    private static EchoingApplication app;

    @TempDir
    Path folder;

    @BeforeAll
    static void startTheApplication() throws IOException {
        app = EchoingApplication.start();
    }

    @AfterAll
    static void stopTheApplication() {
        app.close();
    }

    @ParameterizedTest
    @EnumSource(
            value = RealGateway.class,
            names = {"NGINX", "HAPROXY"})
    void everybodyIsServedWhileBulwarkIsAway(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RealGateway.freePort())) {
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(status(gateway.port(), Api.freshAddress(), "x"))
                            .as(gateway.program()::output)
                            .isEqualTo("200"));
        }
    }

    @ParameterizedTest
    @EnumSource(
            value = RealGateway.class,
            names = {"NGINX", "HAPROXY"})
    void whoIsBlockedIsNotServedWhateverBytesItSends(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RestAssured.port)) {
            var address = Api.freshAddress();
            Api.block(address, APPLICATION, "PT1H");
            await().atMost(SOON)
                    .ignoreExceptions()
                    .untilAsserted(() -> assertThat(status(gateway.port(), address, "x"))
                            .as(gateway.program()::output)
                            .isEqualTo("403"));

            for (var authorization : new String[] {"x\u007fy", "x\u0001y", "x\u00ffy", "x".repeat(7_000)}) {
                assertThat(status(gateway.port(), address, authorization))
                        .as(authorization)
                        .isNotEqualTo("200");
            }
        }
    }

    private RealGateway.Started start(RealGateway kind, int bulwark) throws Exception {
        var key = Api.gatewayKey(APPLICATION, Map.of("hops", 1));
        return kind.start(folder, bulwark, app.port(), key, ServingWithoutBulwarkTest::servingUndecided);
    }

    private static String servingUndecided(String file) {
        return file.replace("SERVE_UNDECIDED = false", "SERVE_UNDECIDED = true")
                .replaceAll("(proxy_pass http://app;) instead of the rest.\n[^}]*\\}'?;?\n", "\n$1\n");
    }

    /** By hand, for no client writes such headers. */
    private static String status(int port, String forwardedFor, String authorization) throws IOException {
        try (var socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
            socket.setSoTimeout((int) SOON.toMillis());
            socket.getOutputStream().write(("""
                    GET / HTTP/1.1\r
                    Host: app\r
                    Connection: close\r
                    X-Forwarded-For: %s\r
                    Authorization: %s\r
                    \r
                    """.formatted(forwardedFor, authorization)).getBytes(ISO_8859_1));
            var answer = new String(socket.getInputStream().readAllBytes(), US_ASCII);
            return answer.split(" ", 3)[1];
        }
    }
}
