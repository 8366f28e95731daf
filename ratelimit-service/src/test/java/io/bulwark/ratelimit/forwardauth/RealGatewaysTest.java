package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.InstanceOfAssertFactories.STRING;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.forwardauth.RealGateway.Started;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Other people's gateways serve and refuse as Bulwark decides, with the configuration that the project ships. The test is
 * the load balancer in front of them: its {@code X-Forwarded-For} ends with its client.
 */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class RealGatewaysTest {
    private static final String APPLICATION = "real-gateways";

    private static EchoingApplication app;

    @TempDir
    Path folder;

    private String key;

    @BeforeAll
    static void startTheApplication() throws IOException {
        app = EchoingApplication.start();
    }

    @AfterAll
    static void stopTheApplication() {
        app.close();
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whoIsNotBlockedIsServedAndTheApplicationNeverSeesTheKey(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RestAssured.port)) {
            awaitStatus(gateway, "/orders?a=b", Api.freshAddress(), 200);

            var answer = ask(gateway, "/orders?a=b", Api.freshAddress());
            assertThat(answer.body().asString()).contains("served /orders?a=b").doesNotContain(key);
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whoIsBlockedIsToldSoUntilTheBlockEnds(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RestAssured.port)) {
            var address = Api.freshAddress();
            awaitStatus(gateway, "/", address, 200);
            var id = Api.block(address, APPLICATION, "PT1H");
            awaitStatus(gateway, "/", address, 403);

            var answer = ask(gateway, "/", address);
            assertThat(answer.statusCode()).isEqualTo(403);
            assertThat(answer.header("Retry-After")).matches("3[0-9]{3}");
            assertThat(answer.header("Cache-Control")).isEqualTo("no-store");
            assertThat(answer.contentType()).startsWith("application/problem+json");
            assertThat(answer.headers().getValues("X-Bulwark-Reference"))
                    .singleElement(STRING)
                    .isNotEmpty();
            assertThat(answer.jsonPath().getString("type")).endsWith("#abnormal-usage-detected");
            assertThat(answer.header("X-Bulwark-Remediation")).isNull();

            Api.unblock(id);
            awaitStatus(gateway, "/", address, 200);
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whomACaptchaIsEnoughForIsToldSo(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RestAssured.port)) {
            var address = Api.freshAddress();
            Api.challenge(address, APPLICATION);
            awaitStatus(gateway, "/", address, 403);

            assertThat(ask(gateway, "/", address).header("X-Bulwark-Remediation"))
                    .isEqualTo("captcha");
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whatTheClientWroteItselfIsNotBelieved(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RestAssured.port)) {
            var blocked = Api.freshAddress();
            Api.block(blocked, APPLICATION, "PT1H");
            awaitStatus(gateway, "/", blocked, 403);

            var innocent = Api.freshAddress();
            assertThat(ask(gateway, "/", innocent + ", " + blocked).statusCode())
                    .isEqualTo(403);
            assertThat(ask(gateway, "/", blocked + ", " + innocent).statusCode())
                    .isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whatIsBlockedForOneEndpointIsServedElsewhere(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RestAssured.port)) {
            var address = Api.freshAddress();
            awaitStatus(gateway, "/login", address, 200);
            Api.block(address, APPLICATION, "login", "PT1H");
            awaitStatus(gateway, "/login", address, 403);

            assertThat(ask(gateway, "/orders", address).statusCode()).isEqualTo(200);
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void withoutBulwarkNobodyIsServed(RealGateway kind) throws Exception {
        try (var gateway = start(kind, RealGateway.freePort())) {
            awaitStatus(gateway, "/", Api.freshAddress(), kind.statusWithoutBulwark());
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whoIsOverALimitIsToldWhenToComeBackWhateverItsQuery(RealGateway kind) throws Exception {
        var application = "limits-" + kind.name().toLowerCase(Locale.ROOT);
        Api.putPolicy(application, "site", """
                        {"limits":[{"name":"few","limit":2,"window":"PT1H"}]}""").statusCode(201);
        try (var gateway = start(kind, RestAssured.port, application)) {
            awaitStatus(gateway, "/login", Api.freshAddress(), 200);
            await().atMost(SOON).until(() -> {
                var client = Api.freshAddress();
                return Stream.generate(() -> ask(gateway, "/?cost=0", client).statusCode())
                        .limit(3)
                        .toList()
                        .equals(List.of(200, 200, 429));
            });
            var client = Api.freshAddress();
            var served = ask(gateway, "/", client);
            ask(gateway, "/", client);
            var refused = ask(gateway, "/", client);

            assertThat(served.statusCode()).isEqualTo(200);
            if (kind.tellsWhatIsLeft()) {
                assertThat(served.header("RateLimit")).startsWith("\"few\";r=1;t=");
                assertThat(served.header("RateLimit-Policy")).isEqualTo("\"few\";q=2;w=3600");
            }
            assertThat(refused.statusCode()).isEqualTo(429);
            assertThat(refused.header("Retry-After")).matches("1[0-9]{3}|2[0-9]{3}");
            assertThat(refused.header("RateLimit")).startsWith("\"few\";r=0;t=");
            assertThat(refused.headers().getValues("Content-Type")).containsExactly("application/problem+json");
            assertThat(refused.jsonPath().getString("type")).endsWith("#quota-exceeded");
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void whatTheClientIsKnownByIsCountedAndReachesTheApplication(RealGateway kind) throws Exception {
        var application = "known-" + kind.name().toLowerCase(Locale.ROOT);
        var each = """
                {"limits":[{"name":"each","limit":1,"window":"PT1H","key":["address","%s"]}]}""";
        Api.putPolicy(application, "site", each.formatted("credential")).statusCode(201);
        Api.putPolicy(application, "login", each.formatted("descriptor:X-Api-Key"))
                .statusCode(201);
        try (var gateway = start(kind, RestAssured.port, application)) {
            Map.of("/", "Authorization", "/login", "X-Api-Key")
                    .forEach((path, header) -> await().atMost(SOON)
                            .ignoreExceptions()
                            .until(() -> {
                                var client = Api.freshAddress();
                                return Stream.of("anns", "bobs", "anns")
                                        .map(own -> ask(gateway, path, client, Map.of(header, own))
                                                .statusCode())
                                        .toList()
                                        .equals(List.of(200, 200, 429));
                            }));
            assertThat(ask(gateway, "/", Api.freshAddress(), Map.of("X-Api-Key", "carls"))
                            .asString())
                    .contains("carls");
        }
    }

    @ParameterizedTest
    @EnumSource(RealGateway.class)
    void inMaintenanceEverybodyIsPointedToTheStatusPage(RealGateway kind) throws Exception {
        var application = "maintained-" + kind.name().toLowerCase(Locale.ROOT);
        try (var gateway = start(kind, RestAssured.port, application)) {
            awaitStatus(gateway, "/", Api.freshAddress(), 200);
            Api.putPosture(application, """
                            {"mode":"maintenance","reason":"test","duration":"PT20M","statusPage":"https://status.example/"}""").statusCode(200);
            awaitStatus(gateway, "/", Api.freshAddress(), kind.statusInMaintenance());

            var answer = ask(gateway, "/", Api.freshAddress());
            assertThat(answer.header("Link")).isEqualTo("<https://status.example/>; rel=\"status\"");
            assertThat(answer.header("Retry-After")).matches("1[12][0-9]{2}");
            assertThat(answer.headers().getValues("Content-Type")).containsExactly("application/problem+json");
            assertThat(answer.jsonPath().getString("type")).endsWith("#temporary-reduced-capacity");

            Api.putPosture(application, """
                            {"mode":"normal","reason":"test"}""").statusCode(200);
            awaitStatus(gateway, "/", Api.freshAddress(), 200);
        }
    }

    @Test
    void envoyAsksForLimitsTooAndTellsWhoIsOverThem() throws Exception {
        var application = "real-limits";
        Api.putEnvoyDomain(application, "edge", """
                        domain: edge
                        descriptors:
                          - key: remote_address
                            rate_limit: {unit: hour, requests_per_unit: 3}
                        """).statusCode(201);
        try (var gateway = start(RealGateway.ENVOY_OVER_GRPC, RestAssured.port, application)) {
            var address = Api.freshAddress();
            awaitStatus(gateway, "/", address, 200);
            awaitStatus(gateway, "/", address, 429);

            var answer = ask(gateway, "/", address);
            assertThat(answer.statusCode()).isEqualTo(429);
            assertThat(answer.header("x-envoy-ratelimited")).isEqualTo("true");
            assertThat(answer.header("x-ratelimit-limit")).isEqualTo("3, 3;w=3600");
            assertThat(answer.header("x-ratelimit-remaining")).isEqualTo("0");
            assertThat(answer.header("Retry-After")).matches("1[0-9]{3}");
            assertThat(answer.headers().getValues("Content-Type")).containsExactly("application/problem+json");
            assertThat(answer.jsonPath().getString("type")).endsWith("#quota-exceeded");
            assertThat(answer.jsonPath().getList("violated-policies")).isEqualTo(List.of("remote_address"));
            assertThat(answer.header("X-Bulwark-Reference")).isNotEmpty();
        }
    }

    @Test
    void haproxyKnowsAPathHoweverItIsWritten() throws Exception {
        try (var gateway = start(RealGateway.HAPROXY, RestAssured.port);
                var client = HttpClient.newHttpClient()) {
            var address = Api.freshAddress();
            awaitStatus(gateway, "/login", address, 200);
            Api.block(address, APPLICATION, "login", "PT1H");
            awaitStatus(gateway, "/login", address, 403);

            for (var path : List.of("/%6Cogin", "//login", "/./login", "/%2e/login", "/orders/../login", "/../login")) {
                var request = HttpRequest.newBuilder(URI.create("http://localhost:" + gateway.port() + path))
                        .header("X-Forwarded-For", address)
                        .build();
                assertThat(client.send(request, BodyHandlers.discarding()).statusCode())
                        .as(path)
                        .isEqualTo(403);
            }
        }
    }

    private Started start(RealGateway kind, int bulwark) throws Exception {
        return start(kind, bulwark, APPLICATION);
    }

    private Started start(RealGateway kind, int bulwark, String application) throws Exception {
        key = Api.gatewayKey(application, Map.of("hops", 1));
        return kind.start(folder, bulwark, app.port(), key);
    }

    private static void awaitStatus(Started gateway, String path, String forwardedFor, int status) {
        await().atMost(SOON)
                .ignoreExceptions()
                .untilAsserted(() -> assertThat(ask(gateway, path, forwardedFor).statusCode())
                        .as(gateway.program()::output)
                        .isEqualTo(status));
    }

    private static Response ask(Started gateway, String path, String forwardedFor) {
        return ask(gateway, path, forwardedFor, Map.of());
    }

    private static Response ask(Started gateway, String path, String forwardedFor, Map<String, String> headers) {
        return given().port(gateway.port())
                .headers(headers)
                .header("X-Forwarded-For", forwardedFor)
                .get(path);
    }
}
