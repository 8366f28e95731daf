package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.bulwark.ratelimit.envoy.GrpcClient.framed;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.envoy.GrpcClient.Answer;
import io.bulwark.testkit.SuiteTest;
import io.vertx.core.buffer.Buffer;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SuiteTest
class GrpcRouteTest {
    private static final String SHOULD_RATE_LIMIT = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";
    private static final String BLOCKED = "203.0.113.91";
    private static final String BLOCKED_TOO = "203.0.113.92";

    private static final int GIVEN_UP = Boolean.getBoolean("bulwark.all") ? 1_000 : 250;

    private static GrpcClient client;
    private static String key;

    @BeforeAll
    static void connect() {
        client = new GrpcClient();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Test
    void aQuestionOverOneConnectionIsAnswered() {
        var answer = ask(question("198.51.100.7"));

        assertThat(answer.status()).isEqualTo("0");
        assertThat(HexFormat.of().formatHex(answer.body().getBytes())).isEqualTo("0000000006" + "0801" + "12020801");
    }

    /** As Envoy sends what is larger than a frame, or than its window. */
    @Test
    void aMessageInSeveralFramesIsOne() {
        var message = question("198.51.100.7");
        var frames = List.of(
                message.getBuffer(0, 3),
                message.getBuffer(3, 20),
                message.getBuffer(20, 21),
                message.getBuffer(21, message.length()));

        var answer = client.call(SHOULD_RATE_LIMIT, Map.of("x-api-key", key()), frames);

        assertThat(answer.status()).isEqualTo("0");
        assertThat(answer.body()).isEqualTo(ask(message).body());
    }

    @Test
    void whoIsBlockedIsOverTheLimit() {
        Api.block(BLOCKED, "grpc", "PT1H");

        await().atMost(SOON).untilAsserted(() -> {
            var answer = ask(question(BLOCKED));
            assertThat(answer.status()).isEqualTo("0");
            assertThat(answer.body().getByte(6)).isEqualTo((byte) 2);
            assertThat(answer.body().toString())
                    .contains(
                            "blocked",
                            "retry-after",
                            "x-bulwark-reference",
                            "application/problem+json",
                            "#abnormal-usage-detected");
        });
    }

    /** Or one byte in a header would keep the limits, and the blocks, from being asked about. */
    @Test
    void whoIsBlockedIsOverTheLimitWhateverBytesItSends() {
        Api.block(BLOCKED_TOO, "grpc", "PT1H");
        var agent = new byte[] {0x61, (byte) 0xFF, 0x62};

        await().atMost(SOON)
                .untilAsserted(() -> assertThat(ask(question(
                                        entry("user_agent", agent),
                                        entry("remote_address", BLOCKED_TOO.getBytes(UTF_8))))
                                .body()
                                .getByte(6))
                        .isEqualTo((byte) 2));
    }

    /** As of one header of 40,000 bytes in two descriptors. */
    @Test
    void aMessageOfLongHeadersIsAnswered() {
        var header = entry("path", "x".repeat(40_000).getBytes(UTF_8));

        assertThat(ask(question(header, header)).status()).isEqualTo("0");
    }

    @Test
    void withoutAKeyNobodyIsAnswered() {
        assertThat(call(SHOULD_RATE_LIMIT, Map.of(), question("198.51.100.7")).status())
                .isEqualTo("16");
        assertThat(call(SHOULD_RATE_LIMIT, Map.of("x-api-key", "bwk_wrong"), question("198.51.100.7"))
                        .status())
                .isEqualTo("16");
    }

    @Test
    void whatCannotBeReadIsRefusedWithItsStatus() {
        assertThat(ask(Buffer.buffer()).status()).isEqualTo("13");
        assertThat(ask(framed(1, new byte[] {1})).status()).isEqualTo("12");
        assertThat(ask(framed(0, new byte[] {10, 9})).status()).isEqualTo("13");
        var one = question("198.51.100.7");
        assertThat(ask(one.copy().appendBuffer(one)).status()).isEqualTo("13");
        assertThat(ask(one.getBuffer(0, one.length() - 1)).status()).isEqualTo("13");
        assertThat(ask(framed(0, new byte[(1 << 22) + 1])).status()).isEqualTo("8");
        assertThat(ask(framed(0, new byte[0])))
                .extracting(Answer::status, Answer::message)
                .containsExactly("2", "rate limit domain must not be empty");
        assertThat(call("/envoy.service.ratelimit.v3.RateLimitService/Other", Map.of(), Buffer.buffer())
                        .status())
                .isEqualTo("12");
        assertThat(call(SHOULD_RATE_LIMIT, Map.of("content-type", "text/plain"), Buffer.buffer())
                        .http())
                .isEqualTo(415);
    }

    /** Whoever opens and closes connections to Envoy would else have it answer by its failure mode, after 200 of them. */
    @Test
    void aGatewayMayGiveUpAsManyCallsAsItsClientsDo() {
        try (var gateway = new GrpcClient()) {
            for (var i = 0; i < GIVEN_UP; i++) {
                gateway.giveUp(SHOULD_RATE_LIMIT, Map.of("x-api-key", key()));
            }

            assertThat(gateway.call(SHOULD_RATE_LIMIT, Map.of("x-api-key", key()), question("198.51.100.7"))
                            .status())
                    .isEqualTo("0");
            assertThat(gateway.connections()).isEqualTo(1);
        }
    }

    @Test
    void itsHealthIsToldToEverybody() {
        var answer = call("/grpc.health.v1.Health/Check", Map.of(), framed(0, new byte[0]));

        assertThat(answer.status()).isEqualTo("0");
        assertThat(answer.body().getBytes()).containsExactly(0, 0, 0, 0, 2, 8, 1);
        assertThat(call("/grpc.health.v1.Health/Check", Map.of(), framed(0, new byte[1_025]))
                        .status())
                .isEqualTo("8");
    }

    private static Answer ask(Buffer body) {
        return call(SHOULD_RATE_LIMIT, Map.of("x-api-key", key()), body);
    }

    private static String key() {
        if (key == null) {
            key = Api.gatewayKey("grpc");
        }
        return key;
    }

    private static Answer call(String path, Map<String, String> headers, Buffer body) {
        return client.call(path, headers, body);
    }

    /** Asks of a domain that has no limits about one remote_address. */
    private static Buffer question(String address) {
        return question(entry("remote_address", address.getBytes(UTF_8)));
    }

    /** The same, about descriptors of one entry each. */
    private static Buffer question(byte[]... entries) {
        var message = new MessageWriter().text(1, "edge");
        for (var entry : entries) {
            message.bytes(2, new MessageWriter().bytes(1, entry).toBytes());
        }
        return message.framed();
    }

    private static byte[] entry(String key, byte[] value) {
        return new MessageWriter().text(1, key).bytes(2, value).toBytes();
    }
}
