package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.AUDIT;
import static io.bulwark.localstack.SuiteService.AUTH;
import static io.bulwark.localstack.SuiteService.BACKUP;
import static io.bulwark.localstack.SuiteService.INCIDENT;
import static io.bulwark.localstack.SuiteService.RATELIMIT;
import static io.bulwark.system.Suite.to;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.localstack.SuiteService;
import io.restassured.response.Response;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.util.Base64;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Rubbish is answered with one problem+json that says what is wrong, never with a 500, and changes nothing. */
class BadInputTest {
    private static final List<String> NO_BODIES = List.of(
            "", "{", "null", "[]", "\"text\"", "{\"unknown\":1}", "{\"target\":{}}", "{\"a\":\"\\u0000\"}", "\0\1\2");

    static Stream<Arguments> mutations() {
        return Stream.of(
                Arguments.of(AUTH, "admin", "/api/v1/users"),
                Arguments.of(AUTH, "admin", "/api/v1/clients"),
                Arguments.of(AUTH, "admin", "/api/v1/login"),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks"),
                Arguments.of(RATELIMIT, "gateway", "/api/v1/check"),
                Arguments.of(RATELIMIT, "admin", "/api/v1/gateways"),
                Arguments.of(INCIDENT, "responder", "/api/v1/incidents"),
                Arguments.of(BACKUP, "operator", "/api/v1/backups"),
                Arguments.of(BACKUP, "operator", "/api/v1/sources"),
                Arguments.of(AUDIT, "service", "/api/v1/entries"));
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void refusesBodiesThatAreNone(SuiteService service, String role, String path) {
        for (var body : NO_BODIES) {
            refused(to(service, role).body(body.getBytes(UTF_8)).post(path), 400, 422);
        }
    }

    @ParameterizedTest
    @MethodSource("mutations")
    void refusesWhatIsTooLargeAndWhatIsNoJson(SuiteService service, String role, String path) {
        refused(
                to(service, role)
                        .body("{\"a\":\"" + "x".repeat(2_000_000) + "\"}")
                        .post(path),
                413);
        refused(
                to(service, role)
                        .body("{\"reason\":\"" + "x".repeat(1_000_000) + "\"}")
                        .post(path),
                400,
                413,
                422);
        refused(to(service, role).contentType("text/plain").body("x").post(path), 415);
        refused(to(service, role).contentType("application/xml").body("<a/>").post(path), 415);
    }

    static Stream<Arguments> badFields() {
        return Stream.of(
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("010.0.0.1", "PT1H")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("example.com", "PT1H")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("203.0.113.7/24", "PT1H")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("0.0.0.0/0", "PT1H")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("127.0.0.1", "PT1H")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("203.0.113.7", "PT0S")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("203.0.113.7", "P1000000000D")),
                Arguments.of(RATELIMIT, "responder", "/api/v1/blocks", block("203.0.113.7", "a day")),
                Arguments.of(RATELIMIT, "gateway", "/api/v1/check", "{\"ip\":\"1.2.3.4.5\",\"endpoint\":\"login\"}"),
                Arguments.of(AUTH, "admin", "/api/v1/users", "{\"email\":\"no address\",\"name\":\"x\"}"),
                Arguments.of(
                        AUTH,
                        "admin",
                        "/api/v1/users",
                        "{\"email\":\"a@b.example\",\"name\":\"x\",\"roles\":[\"king\"]}"),
                Arguments.of(INCIDENT, "responder", "/api/v1/incidents", "{\"title\":\"\",\"severity\":\"P1\"}"),
                Arguments.of(INCIDENT, "responder", "/api/v1/incidents", "{\"title\":\"x\",\"severity\":\"P9\"}"),
                Arguments.of(
                        BACKUP, "operator", "/api/v1/sources", "{\"name\":\"x\",\"host\":\"h\",\"port\":99999999}"));
    }

    @ParameterizedTest
    @MethodSource("badFields")
    void refusesFieldsThatHoldWhatTheyMustNot(SuiteService service, String role, String path, String body) {
        refused(to(service, role).body(body).post(path), 400, 422);
    }

    static Stream<Arguments> badQueries() {
        return Stream.of(
                Arguments.of(AUDIT, "/api/v1/entries?from=yesterday", 400),
                Arguments.of(AUDIT, "/api/v1/entries?limit=0", 422),
                Arguments.of(AUDIT, "/api/v1/entries?limit=many", 404),
                Arguments.of(AUDIT, "/api/v1/entries?cursor=%00", 422),
                Arguments.of(AUDIT, "/api/v1/reports/admin-actions?period=week", 400),
                Arguments.of(RATELIMIT, "/api/v1/blocks?limit=1000000", 422),
                Arguments.of(RATELIMIT, "/api/v1/blocks/not-a-uuid", 404),
                Arguments.of(RATELIMIT, "/api/v1/blocks/imports/not-a-uuid", 404),
                Arguments.of(RATELIMIT, "/api/v1/blocks/export?format=xml", 422),
                Arguments.of(INCIDENT, "/api/v1/incidents?status=sleeping", 400),
                Arguments.of(INCIDENT, "/api/v1/incidents/00000000-0000-0000-0000-000000000000", 404),
                Arguments.of(BACKUP, "/api/v1/backups/not-a-uuid", 404),
                Arguments.of(AUTH, "/api/v1/users?cursor=rubbish", 422));
    }

    @ParameterizedTest
    @MethodSource("badQueries")
    void refusesQueriesThatMeanNothing(SuiteService service, String path, int usual) {
        refused(to(service, "auditor").urlEncodingEnabled(false).get(path), 400, 404, 422, usual);
    }

    /** What a gateway asks about is its client's to choose: the key is wrong here, and not the URI. */
    @Test
    void aQuestionOfAGatewayMayBeNoUri() throws IOException {
        var service = URI.create(Suite.url(RATELIMIT));
        try (var socket = new Socket(service.getHost(), service.getPort())) {
            socket.setSoTimeout(10_000);
            socket.getOutputStream()
                    .write("GET /check/site?q=a|b HTTP/1.1\r\nHost: here\r\nX-Bulwark-Key: no\r\n\r\n".getBytes(UTF_8));
            socket.shutdownOutput();

            assertThat(new String(socket.getInputStream().readAllBytes(), UTF_8))
                    .startsWith("HTTP/1.1 401 ");
        }
    }

    @Test
    void refusesTokensThatAreMissingForeignOrForged() {
        var good = Suite.token("admin").split("\\.");
        var none = encoded("{\"alg\":\"none\",\"typ\":\"at+jwt\"}") + "." + good[1] + ".";
        var raised = good[0] + "." + encoded(decoded(good[1]).replace("\"cli-admin\"", "\"somebody\"")) + "." + good[2];
        var foreign = good[0] + "." + good[1] + "." + new StringBuilder(good[2]).reverse();
        for (var service : SuiteService.values()) {
            for (var token : List.of("", "rubbish", "a.b.c", none, raised, foreign, good[0] + "." + good[1] + ".")) {
                refused(to(service).header("Authorization", "Bearer " + token).get(reading(service)), 401);
            }
            refused(to(service).get(reading(service)), 401);
            refused(to(service, "gateway").get(reading(service)), 403);
        }
    }

    private static String reading(SuiteService service) {
        return switch (service) {
            case AUTH -> "/api/v1/users";
            case RATELIMIT -> "/api/v1/blocks";
            case INCIDENT -> "/api/v1/incidents";
            case BACKUP -> "/api/v1/backups";
            case AUDIT -> "/api/v1/entries";
        };
    }

    private static void refused(Response response, Integer... statuses) {
        assertThat(response.statusCode()).as(response.asString()).isIn((Object[]) statuses);
        assertThat(response.contentType()).startsWith("application/problem+json");
        assertThat(response.jsonPath().getString("type")).startsWith("https://bulwark.io/problems/");
        assertThat(response.asString()).doesNotContain("Exception", "at io.", "java.");
    }

    private static String block(String target, String duration) {
        return "{\"target\":\"%s\",\"reason\":\"test\",\"duration\":\"%s\"}".formatted(target, duration);
    }

    private static String encoded(String json) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(json.getBytes(UTF_8));
    }

    private static String decoded(String part) {
        return new String(Base64.getUrlDecoder().decode(part), UTF_8);
    }
}
