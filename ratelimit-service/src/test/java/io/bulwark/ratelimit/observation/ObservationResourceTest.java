package io.bulwark.ratelimit.observation;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.restassured.RestAssured;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.time.Instant;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The door over HTTP: who may enter, and what comes out on the topic. */
@SuiteTest
class ObservationResourceTest {
    private static final String EVENTS = "/api/v1/observations";
    private static final String LOG = "/api/v1/observations/access-log";

    @Test
    void whatAGatewayReportsIsPublishedForItsApplicationUnderItsOwnIdentity() {
        try (var probe = EventProbe.on(Topic.SECURITY_EVENTS)) {
            var address = Api.freshAddress();
            var id = UUID.randomUUID().toString();
            var key = Api.gatewayKey("shop");
            var waf = event(id, "/bulwark/auth-service", "waf-blocked", "'address':'%s','rule':'942100'", address);
            var denied = event("2" + id, "/edge", "access-denied", "'address':'%s','count':3", address);

            report(key, "[" + waf + "," + waf + "," + denied + "]")
                    .statusCode(202)
                    .body("received", equalTo(3))
                    .body("accepted", equalTo(2));
            report(key, "[" + waf + "]").statusCode(202);

            var blocked = probe.await(WafBlocked.class, event -> event.address().equals(address));
            assertThat(blocked.application()).isEqualTo("shop");
            assertThat(blocked.id()).isEqualTo(id);
            assertThat(blocked.source()).startsWith("/gateways/gw-").endsWith("/%2Fbulwark%2Fauth-service");
            var counted =
                    probe.await(AccessDenied.class, event -> event.address().equals(address));
            assertThat(counted.data().count()).isEqualTo(3);
        }
    }

    @Test
    void aWrongItemIsNamedAndNothingIsTaken() {
        var key = Api.gatewayKey("shop");
        var good = event("1", "/edge", "access-denied", "'address':'%s'", Api.freshAddress());
        report(key, "[" + good + "," + good.replace("1.0", "2.0") + "]")
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors.index", hasItem(1))
                .body("errors.field", hasItem("specversion"));
    }

    @Test
    void anAccessLogBecomesRefusalsAndSummaries() {
        try (var probe = EventProbe.on(Topic.SECURITY_EVENTS)) {
            var address = Api.freshAddress();
            var line =
                    "{\"client\":\"" + address + "\",\"msec\":" + Instant.now().getEpochSecond()
                            + ",\"uri\":\"/" + UUID.randomUUID().toString().substring(0, 4) + "x/7\",\"status\":403,"
                            + "\"request_time\":0.1}\n";

            given().header("X-Api-Key", Api.gatewayKey("shop"))
                    .config(plain())
                    .contentType("application/x-ndjson")
                    .body(line + line + "rubbish\n")
                    .post(LOG)
                    .then()
                    .statusCode(202)
                    .body("lines", equalTo(3))
                    .body("rejected", equalTo(1))
                    .body("errors[0].line", equalTo(3))
                    .body("events", equalTo(2));

            var denied =
                    probe.await(AccessDenied.class, event -> event.address().equals(address));
            assertThat(denied.data().count()).isEqualTo(2);
            assertThat(denied.data().endpoint()).endsWith("/{id}");
            probe.await(
                    RequestSummary.class,
                    event -> event.requests() == 2
                            && denied.data().endpoint().equals(event.endpoint())
                            && event.status4xx() == 2);
        }
    }

    /** More addresses than the database has locks for. */
    @Test
    void aLogOfTenThousandRefusedAddressesIsTaken() {
        var now = Instant.now().getEpochSecond();
        var log = new StringBuilder();
        for (var i = 0; i < 10_000; i++) {
            log.append("{\"client\":\"10.9.%d.%d\",\"msec\":%d,\"uri\":\"/\",\"status\":401,\"request_time\":0}\n"
                    .formatted(i / 250, i % 250, now));
        }
        given().header("X-Api-Key", Api.gatewayKey("crowd"))
                .config(plain())
                .contentType("application/x-ndjson")
                .body(log.toString())
                .post(LOG)
                .then()
                .statusCode(202)
                .body("events", equalTo(10_001));
    }

    @Test
    void aLogWithoutOneGoodLineIsRefused() {
        given().header("X-Api-Key", Api.gatewayKey("shop"))
                .config(plain())
                .contentType("application/x-ndjson")
                .body("rubbish\n{}\n")
                .post(LOG)
                .then()
                .statusCode(422)
                .body("errors.line", hasItem(2));
        given().header("X-Api-Key", Api.gatewayKey("shop"))
                .config(plain())
                .contentType("application/x-ndjson")
                .body("rubbish\n")
                .post(LOG + "?format=apache")
                .then()
                .statusCode(422)
                .body("errors.field", hasItem("format"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"user", "auditor", "responder", "operator", "admin", "service"})
    void onlyGatewaysReport(String role) {
        given().auth()
                .oauth2(Tokens.of(role))
                .config(plain())
                .contentType("application/cloudevents-batch+json")
                .body("[]")
                .post(EVENTS)
                .then()
                .statusCode(403);
    }

    @Test
    void aTokenOfAGatewayServesAndAWrongKeyDoesNot() {
        given().auth()
                .oauth2(Tokens.of("gateway"))
                .config(plain())
                .contentType("application/cloudevents-batch+json")
                .body("[]")
                .post(EVENTS)
                .then()
                .statusCode(202);
        report("bwk_wrong", "[]").statusCode(401);
    }

    @Test
    void otherMediaTypesAreRefused() {
        given().header("X-Api-Key", Api.gatewayKey("shop"))
                .contentType(ContentType.JSON)
                .body("[]")
                .post(EVENTS)
                .then()
                .statusCode(415);
        given().header("X-Api-Key", Api.gatewayKey("shop"))
                .noContentType()
                .post(EVENTS)
                .then()
                .statusCode(415);
    }

    private static ValidatableResponse report(String key, String batch) {
        return given().header("X-Api-Key", key)
                .config(plain())
                .contentType("application/cloudevents-batch+json")
                .body(batch)
                .post(EVENTS)
                .then();
    }

    private static RestAssuredConfig plain() {
        return RestAssured.config()
                .encoderConfig(EncoderConfig.encoderConfig()
                        .appendDefaultContentCharsetToContentTypeIfUndefined(false)
                        .encodeContentTypeAs("application/cloudevents-batch+json", ContentType.TEXT)
                        .encodeContentTypeAs("application/x-ndjson", ContentType.TEXT));
    }

    private static String event(String id, String source, String type, String data, String address) {
        return ("{'specversion':'1.0','id':'" + id + "','source':'" + source + "','type':'io.bulwark.gateway." + type
                        + ".v1','data':{" + data.formatted(address) + "}}")
                .replace('\'', '"');
    }
}
