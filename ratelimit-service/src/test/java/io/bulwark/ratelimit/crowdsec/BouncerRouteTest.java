package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.bulwark.testkit.SuiteTest;
import io.restassured.response.Response;
import jakarta.inject.Inject;
import java.io.IOException;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As bouncers see it over HTTP. */
@SuiteTest
class BouncerRouteTest {
    @Inject
    Ledgers ledgers;

    @Inject
    InstantSource clock;

    @Test
    void aBlockAppearsForItsApplicationAloneAndDisappears() {
        var key = Api.gatewayKey("bounced");
        var other = Api.gatewayKey("bounced-other");
        var address = Api.freshAddress();
        assertThat(live(key, address)).isEqualTo("null");

        var id = Api.block(address, "bounced", "PT4H");
        await().atMost(SOON).until(() -> !live(key, address).equals("null"));
        assertThat(live(key, address))
                .matches("\\[\\{\"duration\":\"(4h0m0s|3h59m[0-9]+s)\",\"id\":[0-9]+,\"origin\":\"bulwark-manual\","
                        + "\"scenario\":\"manual 'ban': test\",\"scope\":\"Ip\",\"type\":\"ban\",\"value\":\""
                        + address.replace(".", "\\.") + "\"}]");
        assertThat(live(other, address)).isEqualTo("null");

        Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);
        await().atMost(SOON).until(() -> live(key, address).equals("null"));
    }

    @Test
    void aStreamTellsEverythingThenWhatChanged() {
        var key = Api.gatewayKey("streamed");
        var first = Api.freshAddress();
        Api.block(first, "streamed", "PT1H");
        await().atMost(SOON).until(() -> stream(key, "?startup=true").contains(first));

        var second = Api.freshAddress();
        var id = Api.block(second, "streamed", "PT1H");
        await().atMost(SOON).until(() -> stream(key, "").contains(second));

        Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);
        await().atMost(SOON)
                .untilAsserted(() -> assertThat(get(key, "/v1/decisions/stream").<List<String>>path("deleted.value"))
                        .contains(second));
        assertThat(stream(key, "?startup=true&scopes=Country")).isEqualTo(Bouncer.NOTHING);
        assertThat(stream(key, "?startup=true&origins=cscli")).isEqualTo(Bouncer.NOTHING);
    }

    @Test
    void aBlockOfOneEndpointIsNotForBouncers() {
        var key = Api.gatewayKey("one-endpoint");
        var address = Api.freshAddress();
        Api.as("responder")
                .body(Map.of(
                        "target",
                        address,
                        "reason",
                        "test",
                        "duration",
                        "PT1H",
                        "application",
                        "one-endpoint",
                        "endpoint",
                        "login"))
                .post("/api/v1/blocks")
                .then()
                .statusCode(201);
        await().atMost(SOON).until(() -> Api.check(key, "login", address) == 403);

        assertThat(live(key, address)).isEqualTo("null");
        assertThat(stream(key, "?startup=true")).isEqualTo(Bouncer.NOTHING);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/decisions", "/v1/decisions/stream"})
    void headAnswersForHealthAndKey(String path) {
        given().header("X-Api-Key", Api.gatewayKey("headed"))
                .head(path)
                .then()
                .statusCode(200)
                .contentType("text/plain");
        given().head(path).then().statusCode(403);
    }

    @Test
    void whoHasNoKeyIsForbiddenInTheOriginalsWords() {
        given().header("X-Api-Key", "rubbish")
                .get("/v1/decisions")
                .then()
                .statusCode(403)
                .contentType("application/json")
                .body(equalTo("{\"message\":\"access forbidden\"}"));
        given().get("/v1/decisions/stream").then().statusCode(403);
        given().post("/v1/usage-metrics").then().statusCode(403);
    }

    @Test
    void whatIsNoAddressIsTheOriginalsError() {
        get(Api.gatewayKey("mistaken"), "/v1/decisions?ip=notanip")
                .then()
                .statusCode(500)
                .body(equalTo("{\"message\":\"unable to convert 'notanip' to int: "
                        + "invalid address: invalid ip address / range\"}"));
    }

    @Test
    void wrongMethodsAndPathsHaveNoBody() {
        var key = Api.gatewayKey("wrong");
        given().header("X-Api-Key", key)
                .delete("/v1/decisions")
                .then()
                .statusCode(405)
                .body(equalTo(""));
        given().header("X-Api-Key", key).get("/v1/usage-metrics").then().statusCode(405);
        get(key, "/v1/nothing").then().statusCode(404).body(equalTo(""));
    }

    @Test
    void bouncersMayReportWhatTheyDid() {
        var report = "{\"remediation_components\":[{\"version\":\"v1\",\"utc_startup_timestamp\":1}]}";
        var key = Api.gatewayKey("reporting");

        assertThat(report(key, report.getBytes(US_ASCII))).isEqualTo(201);
        assertThat(report(key, "{".getBytes(US_ASCII))).isEqualTo(400);
        assertThat(report(key, report.replace("version", "other").getBytes(US_ASCII)))
                .isEqualTo(422);
        assertThat(report(key, new byte[UsageMetrics.MOST_BYTES + 1])).isEqualTo(413);
    }

    @Test
    void requestsMayBePackedAndAnswersAreNot() throws IOException {
        var key = Api.gatewayKey("packing");
        Bouncer.decided(ledgers.of("packing"), "203.0.113.1", 1);

        given().header("X-Api-Key", key)
                .header("Content-Encoding", "gzip")
                .body(UsageMetricsTest.gzip(UsageMetricsTest.REPORT).getBytes())
                .post("/v1/usage-metrics")
                .then()
                .statusCode(201);
        given().header("X-Api-Key", key)
                .header("Accept-Encoding", "gzip")
                .get("/v1/decisions/stream?startup=true")
                .then()
                .statusCode(200)
                .header("Content-Encoding", nullValue());
    }

    @Test
    void howMuchIsToldAgainDecidesWhetherItIsToldInPieces() {
        var key = Api.gatewayKey("imported");
        var terms = new Terms("bulwark", "test", "ban");
        for (var i = 0; i < 1_000; i++) {
            var address = Network.parse("198.51." + i / 250 + "." + i % 250);
            ledgers.of("imported").put(Key.of(address), terms, Long.MAX_VALUE / 2, 1, clock.millis());
        }
        stream(key, "?startup=true");

        get(key, "/v1/decisions/stream")
                .then()
                .statusCode(200)
                .header("Transfer-Encoding", "chunked")
                .body("new.size()", equalTo(1_000));
    }

    @Test
    void whoIsAllowedWithinABlockedRangeIsInNoDecision() {
        var key = Api.gatewayKey("around");
        Api.block("203.0.113.0/30", "around", "PT1H");
        await().atMost(SOON).until(() -> stream(key, "").contains("203.0.113.0/30"));

        Api.allow("203.0.113.2", "around");

        await().atMost(SOON).until(() -> live(key, "203.0.113.2").equals("null"));
        assertThat(live(key, "203.0.113.3")).contains("\"value\":\"203.0.113.3\"");
        var changes = get(key, "/v1/decisions/stream");
        assertThat(changes.<List<String>>path("new.value")).containsExactlyInAnyOrder("203.0.113.0/31", "203.0.113.3");
        assertThat(changes.<List<String>>path("deleted.value")).containsExactly("203.0.113.0/30");
    }

    @Test
    void itIsUp() {
        given().get("/health").then().statusCode(200).body(equalTo("{\"status\":\"up\"}"));
    }

    @Test
    void whatAnHttpLibraryWouldNotSendIsUnderstoodOrRefused() throws IOException {
        var bouncer = new Bouncer(Api.gatewayKey("raw"), "raw");

        assertThat(bouncer.raw("/v1/decisions/stream?"))
                .startsWith("HTTP/1.1 200 ")
                .endsWith(Bouncer.NOTHING);
        assertThat(bouncer.raw("/v1/decisions?ip=%zz")).startsWith("HTTP/1.1 400 ");
    }

    private static int report(String key, byte[] body) {
        return given().header("X-Api-Key", key)
                .body(body)
                .post("/v1/usage-metrics")
                .statusCode();
    }

    private static String live(String key, String address) {
        return get(key, "/v1/decisions?ip=" + address).asString();
    }

    private static String stream(String key, String query) {
        return get(key, "/v1/decisions/stream" + query).asString();
    }

    private static Response get(String key, String path) {
        return given().header("X-Api-Key", key).get(path);
    }
}
