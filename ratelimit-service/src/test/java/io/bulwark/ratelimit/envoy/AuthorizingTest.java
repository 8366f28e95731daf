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
import java.io.IOException;
import java.util.HexFormat;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

@SuiteTest
class AuthorizingTest {
    private static final String CHECK = "/envoy.service.auth.v3.Authorization/Check";
    private static final String APPLICATION = "ext-authz";
    private static final String OK = "0a00" + "1a00";

    /** 7: PERMISSION_DENIED, and 403 with its headers. */
    private static final String DENIED_403 = "0a020807" + "12" + ".{4}" + "0a03089303" + ".*";

    /** 8: RESOURCE_EXHAUSTED, and 429. */
    private static final String DENIED_429 = "0a020808" + "12" + ".{4}" + "0a0308ad03" + ".*";

    /** 3: INVALID_ARGUMENT, and 400. */
    private static final String DENIED_400 = "0a020803" + "12" + ".{4}" + "0a03089003" + ".*";

    private static GrpcClient client;

    @BeforeAll
    static void connect() {
        client = new GrpcClient();
    }

    @AfterAll
    static void disconnect() {
        client.close();
    }

    @Test
    void envoysOwnQuestionIsAnsweredUntilItsClientIsBlocked() throws IOException {
        var key = keyBehind(1);
        var question = Buffer.buffer(CheckRequest.ofEnvoy());
        assertThat(hex(ask(key, question))).isEqualTo(OK);

        block("198.18.0.37");

        var answer = ask(key, question);
        assertThat(hex(answer)).matches(DENIED_403);
        assertThat(new String(answer.messageBytes(), UTF_8))
                .contains("content-type", "application/problem+json", "retry-after", "#abnormal-usage-detected")
                .contains("cache-control", "no-store", "x-bulwark-reference")
                .doesNotContain("x-bulwark-remediation");
    }

    @Test
    void whomACaptchaIsEnoughForIsToldSo() {
        var key = keyBehind(0);
        var challenged = Api.freshAddress();
        Api.challenge(challenged, APPLICATION);
        await().atMost(SOON).until(() -> Api.check(key, "any", challenged) == 403);

        var answer = about(key, challenged, Map.of());
        assertThat(hex(answer)).matches(DENIED_403);
        assertThat(new String(answer.messageBytes(), UTF_8)).contains("x-bulwark-remediation", "captcha");
    }

    @Test
    void thePeerIsTheClientWhereNothingStandsInFront() {
        var key = keyBehind(0);
        var blocked = Api.freshAddress();
        var other = Api.freshAddress();
        block(blocked);

        // Envoy added its peer, or it did not; what the client wrote changes nothing
        assertThat(hex(about(key, blocked, Map.of()))).matches(DENIED_403);
        assertThat(hex(about(key, blocked, Map.of("x-forwarded-for", blocked)))).matches(DENIED_403);
        assertThat(hex(about(key, blocked, Map.of("x-forwarded-for", other)))).matches(DENIED_403);
        assertThat(hex(about(key, blocked, Map.of("x-real-ip", other, "forwarded", "for=" + other))))
                .matches(DENIED_403);
        assertThat(hex(about(key, other, Map.of("x-forwarded-for", blocked)))).isEqualTo(OK);
    }

    @Test
    void whatIsWrittenByTheProxyInFrontIsBelievedAndNothingBefore() {
        var key = keyBehind(1);
        var blocked = Api.freshAddress();
        var other = Api.freshAddress();
        block(blocked);
        var proxy = "192.0.2.80";

        for (var peer : new String[] {"", "," + proxy}) {
            assertThat(hex(about(key, proxy, Map.of("x-forwarded-for", other + "," + blocked + peer))))
                    .matches(DENIED_403);
            assertThat(hex(about(key, proxy, Map.of("x-forwarded-for", blocked + "," + other + peer))))
                    .isEqualTo(OK);
        }
    }

    @Test
    void theRouteNamesTheEndpointAndNoHeaderDoes() {
        var key = keyBehind(0);
        var address = Api.freshAddress();
        Api.block(address, APPLICATION, "orders", "PT1H");
        await().atMost(SOON).until(() -> Api.check(key, "orders", address) == 403);

        assertThat(hex(ask(key, CheckRequest.of(address, Map.of(), Map.of("bulwark-endpoint", "orders")))))
                .matches(DENIED_403);
        assertThat(hex(about(key, address, Map.of("x-bulwark-endpoint", "orders", "bulwark-endpoint", "orders"))))
                .isEqualTo(OK);
        assertThat(hex(ask(key, CheckRequest.of(address, Map.of(), Map.of("bulwark-endpoint", "a b")))))
                .matches(DENIED_400);
    }

    @Test
    void theRouteSaysWhatARequestCountsFor() {
        Api.putPolicy(APPLICATION, "export", """
                        {"limits":[{"name":"few","limit":3,"window":"PT1H"}]}""").statusCode(201);
        var key = keyBehind(0);
        var address = Api.freshAddress();
        await().atMost(SOON)
                .until(() -> hex(export(key, address, "0"))
                        .contains(HexFormat.of().formatHex("ratelimit-policy".getBytes(UTF_8))));

        assertThat(hex(export(key, address, "3"))).startsWith(OK.substring(0, 4) + "1a");
        var refused = export(key, address, "1");
        assertThat(hex(refused)).matches(DENIED_429);
        assertThat(new String(refused.messageBytes(), UTF_8)).contains("#quota-exceeded", "retry-after", "r=0;t=");
    }

    @Test
    void aClientThatIsNotToldIsAClearErrorAndNoDecisionAboutTheGateway() {
        assertThat(hex(about(keyBehind(0), "127.0.0.1", Map.of()))).matches(DENIED_400);
        assertThat(hex(about(keyBehind(0), "", Map.of()))).matches(DENIED_400);
        assertThat(hex(about(keyBehind(1), "192.0.2.80", Map.of()))).matches(DENIED_400);
        var answer = about(keyBehind(0), "192.0.2.80", Map.of("x-forwarded-for", "rubbish"));
        assertThat(hex(answer)).isEqualTo(OK);
        answer = about(keyBehind(1), "192.0.2.80", Map.of("x-forwarded-for", "rubbish"));
        assertThat(new String(answer.messageBytes(), UTF_8)).contains("no-client-address");
    }

    @Test
    void aLargeRequestIsCheckedLikeAnyOther() {
        var address = Api.freshAddress();
        var key = keyBehind(0);

        assertThat(hex(about(key, address, Map.of("cookie", "x".repeat(200_000)))))
                .isEqualTo(OK);
        assertThat(about(key, address, Map.of("cookie", "x".repeat(600_000))).status())
                .isEqualTo("8");
    }

    @Test
    void withoutAKeyNobodyIsAnswered() throws IOException {
        assertThat(client.call(CHECK, Map.of(), Buffer.buffer(CheckRequest.ofEnvoy()))
                        .status())
                .isEqualTo("16");
        assertThat(ask(keyBehind(0), "rubbish".getBytes(UTF_8)).status()).isEqualTo("13");
    }

    private static Answer export(String key, String peer, String cost) {
        return ask(key, CheckRequest.of(peer, Map.of(), Map.of("bulwark-endpoint", "export", "bulwark-cost", cost)));
    }

    private static String keyBehind(int hops) {
        return Api.gatewayKey(APPLICATION, Map.of("hops", hops));
    }

    private static void block(String address) {
        Api.block(address, APPLICATION, "PT1H");
        var key = keyBehind(0);
        await().atMost(SOON).until(() -> Api.check(key, "any", address) == 403);
    }

    private static Answer about(String key, String peer, Map<String, String> headers) {
        return ask(key, CheckRequest.of(peer, headers, Map.of()));
    }

    private static Answer ask(String key, byte[] message) {
        return ask(key, framed(0, message));
    }

    private static Answer ask(String key, Buffer framed) {
        return client.call(CHECK, Map.of("x-api-key", key), framed);
    }

    private static String hex(Answer answer) {
        assertThat(answer.status()).as(answer.message()).isEqualTo("0");
        return HexFormat.of().formatHex(answer.messageBytes());
    }
}
