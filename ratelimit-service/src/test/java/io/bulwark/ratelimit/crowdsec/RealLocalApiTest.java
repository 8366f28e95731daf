package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;

/** The same questions to CrowdSec's own Local API and to us, about the same decisions: the answers are the same. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class RealLocalApiTest {
    private static final String APPLICATION = "local-api";
    private static final List<String> QUERIES = List.of(
            "/v1/decisions",
            "/v1/decisions?ip=203.0.113.7",
            "/v1/decisions?ip=203.0.113.8",
            "/v1/decisions?ip=198.51.100.9",
            "/v1/decisions?ip=::ffff:203.0.113.7",
            "/v1/decisions?ip=2001:db8:1::5",
            "/v1/decisions?range=198.51.100.0/25",
            "/v1/decisions?range=198.51.100.7/24",
            "/v1/decisions?range=198.51.0.0/16",
            "/v1/decisions?range=198.51.0.0/16&contains=true",
            "/v1/decisions?range=198.51.0.0/16&contains=false",
            "/v1/decisions?range=198.51.0.0/16&contains=F",
            "/v1/decisions?range=2001:db8::/32&contains=0",
            "/v1/decisions?range=1.2.3.4/33",
            "/v1/decisions?range=1.2.3.4/x",
            "/v1/decisions?range=nonsense",
            "/v1/decisions?contains=nonsense",
            "/v1/decisions?contains=",
            "/v1/decisions?ip=notanip",
            "/v1/decisions?ip=",
            "/v1/decisions?ip=203.0.113",
            "/v1/decisions?ip=010.1.1.1",
            "/v1/decisions?ip=1.2.3.4/",
            "/v1/decisions?ip=1.2.3.4/8/8",
            "/v1/decisions?ip=::1/129",
            "/v1/decisions?type=captcha",
            "/v1/decisions?type=BAN",
            "/v1/decisions?value=203.0.113.7",
            "/v1/decisions?value=203.0.113.8",
            "/v1/decisions?origins=ORIGIN",
            "/v1/decisions?origins=other",
            "/v1/decisions?origins=other,ORIGIN",
            "/v1/decisions?scenarios_containing=manual",
            "/v1/decisions?scenarios_containing=captcha",
            "/v1/decisions?scenarios_containing=other,captcha",
            "/v1/decisions?scenarios_not_containing=captcha",
            "/v1/decisions?banned=true",
            "/v1/decisions/stream?startup=true",
            "/v1/decisions/stream?startup=true&scopes=ip",
            "/v1/decisions/stream?startup=true&scopes=Range",
            "/v1/decisions/stream?startup=true&scopes=ip,range",
            "/v1/decisions/stream?startup=true&scopes=Country",
            "/v1/decisions/stream?startup=true&origins=other",
            "/v1/decisions/stream?startup=true&scenarios_not_containing=captcha",
            "/v1/nothing",
            "/health");

    @TempDir
    Path folder;

    private String key;

    @Test
    void theAnswersAreTheirs() throws Exception {
        try (var theirs = LocalApi.start(folder)) {
            key = Api.gatewayKey(APPLICATION);
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> their(theirs, "/health").statusCode() == 200);
            decide(theirs, "--ip", "203.0.113.7", "ban");
            decide(theirs, "--range", "198.51.100.0/24", "captcha");
            decide(theirs, "--ip", "2001:db8::1", "ban");
            decide(theirs, "--range", "2001:db8:1::/48", "ban");
            await().atMost(SOON).until(() -> values(our("/v1/decisions")).size() == 4);

            for (var query : QUERIES) {
                assertThat(comparable(our(query.replace("ORIGIN", Origins.MANUAL))))
                        .as(query)
                        .isEqualTo(comparable(their(theirs, query.replace("ORIGIN", "cscli"))));
            }
            var decisions = "/v1/decisions";
            assertSame(
                    asked(0, key).head(decisions),
                    asked(theirs.port(), LocalApi.KEY).head(decisions));
            assertSame(
                    asked(0, key).post(decisions),
                    asked(theirs.port(), LocalApi.KEY).post(decisions));
            assertSame(
                    asked(0, "wrong").get(decisions),
                    asked(theirs.port(), "wrong").get(decisions));
        }
    }

    @Test
    void whatEndsIsTakenBackAsTheyDo() throws Exception {
        try (var theirs = LocalApi.start(folder)) {
            key = Api.gatewayKey(APPLICATION + "-ends");
            await().atMost(SOON)
                    .ignoreExceptions()
                    .until(() -> their(theirs, "/health").statusCode() == 200);
            theirs.cscli("decisions", "add", "--ip", "203.0.113.7", "--duration", "4h");
            var id = Api.block("203.0.113.7", APPLICATION + "-ends", "PT4H");
            var whole = "/v1/decisions/stream?startup=true";
            await().atMost(SOON).until(() -> our(whole).asString().contains("203.0.113.7"));
            assertThat(comparable(our(whole))).isEqualTo(comparable(their(theirs, whole)));

            theirs.cscli("decisions", "delete", "--ip", "203.0.113.7");
            Api.unblock(id);

            var change = "/v1/decisions/stream";
            await().atMost(SOON)
                    .untilAsserted(() -> assertThat(comparable(our(change)))
                            .extractingByKey("deleted")
                            .asString()
                            .contains("203.0.113.7"));
            assertThat(comparable(our(change))).isEqualTo(comparable(their(theirs, change)));
        }
    }

    private static void assertSame(Response ours, Response theirs) {
        assertThat(comparable(ours)).isEqualTo(comparable(theirs));
    }

    private void decide(LocalApi theirs, String kind, String target, String type) throws Exception {
        theirs.cscli("decisions", "add", kind, target, "--duration", "4h", "--type", type);
        Api.as("responder")
                .body(Map.of(
                        "target", target,
                        "reason", "test",
                        "duration", "PT4H",
                        "remediation", type,
                        "application", APPLICATION))
                .post("/api/v1/blocks")
                .then()
                .statusCode(201);
    }

    private Response our(String path) {
        return asked(0, key).get(path);
    }

    private static Response their(LocalApi theirs, String path) {
        return asked(theirs.port(), LocalApi.KEY).get(path);
    }

    /** @param port 0 for ours */
    private static RequestSpecification asked(int port, String key) {
        return given().port(port == 0 ? RestAssured.port : port)
                .urlEncodingEnabled(false)
                .header("X-Api-Key", key);
    }

    private static TreeSet<String> values(Response answer) {
        return new TreeSet<>(comparable(answer).values().stream()
                .filter(List.class::isInstance)
                .flatMap(list -> ((List<?>) list).stream())
                .map(Object::toString)
                .toList());
    }

    /** Without what only one of both can say: numbers, names, words for the reason, the moment, and the order. */
    private static Map<String, Object> comparable(Response answer) {
        var comparable = new HashMap<String, Object>();
        comparable.put("status", answer.statusCode());
        comparable.put("type", answer.contentType());
        var body = answer.asString();
        if (body.startsWith("[")) {
            comparable.put("decisions", comparable(new JsonArray(body)));
        } else if (body.contains("\"new\"")) {
            var stream = new JsonObject(body);
            comparable.put("new", comparable(stream.getJsonArray("new")));
            comparable.put("deleted", comparable(stream.getJsonArray("deleted")));
        } else {
            comparable.put("body", body);
        }
        return comparable;
    }

    private static Object comparable(JsonArray decisions) {
        return decisions == null
                ? "null"
                : decisions.stream()
                        .map(JsonObject.class::cast)
                        .map(decision -> decision.fieldNames() + " " + decision.getString("scope") + " "
                                + decision.getString("type") + " " + decision.getString("value") + " "
                                + decision.getString("duration").matches("-?(\\d+h)?(\\d+m)?[0-9.]+(s|ms|\u00b5s)"))
                        .sorted()
                        .toList();
    }
}
