package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.ask;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import java.util.HexFormat;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The allowlist and the posture hold for who asks about limits over gRPC. */
@SuiteTest
class AllowlistAndPostureTest {
    private static final String SHOULD_RATE_LIMIT = "/envoy.service.ratelimit.v3.RateLimitService/ShouldRateLimit";

    /** After the prefix, the first field of the reply. */
    private static final int CODE = GrpcCall.PREFIX + 1;

    private static final byte OK = 1;
    private static final byte OVER_LIMIT = 2;

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
    void whoIsOnTheAllowlistIsServedWithoutLimits() {
        var application = "grpc-allowed";
        var key = Api.gatewayKey(application);
        var address = Api.freshAddress();
        Api.putEnvoyDomain(application, "edge", """
                        domain: edge
                        descriptors:
                          - key: remote_address
                            rate_limit: {unit: minute, requests_per_unit: 0}
                        """).statusCode(201);
        await().atMost(SOON).until(() -> code(key, ask("remote_address", address)) == OVER_LIMIT);

        Api.allow(address, application);

        await().atMost(SOON).until(() -> code(key, ask("remote_address", address)) == OK);
    }

    @ParameterizedTest
    @ValueSource(strings = {"maintenance", "lockdown"})
    void whileTheApplicationIsClosedNobodyIsServedButWhoIsOnTheAllowlist(String mode) {
        var application = "grpc-" + mode;
        var key = Api.gatewayKey(application);
        var address = Api.freshAddress();
        Api.allow(address, application);
        await().atMost(SOON).until(() -> code(key, ask("generic_key", "any")) == OK);

        Api.putPosture(application, "{\"mode\":\"" + mode + "\",\"reason\":\"test\"}")
                .statusCode(200);

        await().atMost(SOON).until(() -> code(key, ask("generic_key", "any")) == OVER_LIMIT);
        await().atMost(SOON).until(() -> code(key, ask("remote_address", Api.freshAddress())) == OVER_LIMIT);
        await().atMost(SOON).until(() -> code(key, ask("remote_address", address)) == OK);
    }

    @Test
    void whileThePostureIsElevatedThereIsSoMuchOfEveryLimit() {
        var application = "grpc-elevated";
        var key = Api.gatewayKey(application);
        Api.putEnvoyDomain(application, "edge", """
                        domain: edge
                        descriptors:
                          - key: remote_address
                            rate_limit: {unit: day, requests_per_unit: 4}
                        """).statusCode(201);
        await().atMost(SOON).until(() -> admitted(key) == 4);

        Api.putPosture(application, "{\"mode\":\"elevated\",\"factor\":0.25,\"reason\":\"test\"}")
                .statusCode(200);

        await().atMost(SOON).until(() -> admitted(key) == 1);
    }

    /** Of five requests of an address that nobody has asked about. */
    private static long admitted(String key) {
        var asked = ask("remote_address", Api.freshAddress());
        return IntStream.range(0, 5).filter(i -> code(key, asked) == OK).count();
    }

    private static byte code(String key, String hex) {
        var message = GrpcClient.framed(0, HexFormat.of().parseHex(hex));
        return client.call(SHOULD_RATE_LIMIT, Map.of("x-api-key", key), message)
                .body()
                .getByte(CODE);
    }
}
