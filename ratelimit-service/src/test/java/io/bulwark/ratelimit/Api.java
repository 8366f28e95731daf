package io.bulwark.ratelimit;

import static io.restassured.RestAssured.given;
import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.testkit.Tokens;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.time.Duration;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;

/** The service as its callers see it. */
public final class Api {
    /** Longer than anything that happens moments later takes, on a machine that is busy. */
    public static final Duration SOON = Duration.ofSeconds(30);

    private static final AtomicInteger ADDRESSES = new AtomicInteger();

    private Api() {}

    public static RequestSpecification as(String role) {
        return given().auth().oauth2(Tokens.of(role)).contentType(ContentType.JSON);
    }

    /** An address of the documentation's network that no other test uses. */
    public static String freshAddress() {
        var next = ADDRESSES.incrementAndGet();
        return "198.18." + next / 250 + "." + (1 + next % 250);
    }

    /** Registers a gateway of the application; returns its key. */
    public static String gatewayKey(String application) {
        return gatewayKey(application, Map.of());
    }

    /** As {@link #gatewayKey(String)}, with these settings. */
    public static String gatewayKey(String application, Map<String, Object> settings) {
        return as("admin")
                .body(Map.of("name", "gw-" + UUID.randomUUID(), "application", application, "settings", settings))
                .post("/api/v1/gateways")
                .then()
                .statusCode(201)
                .extract()
                .path("key");
    }

    /** Asks with a static key about this client. */
    public static int check(String key, String endpoint, String forwardedFor) {
        return given().header("X-Api-Key", key)
                .header("X-Forwarded-For", forwardedFor)
                .get("/check/" + endpoint)
                .statusCode();
    }

    /** How many came to this until now. */
    public static double decisions(String outcome) {
        var line = "ratelimit_decisions_total{outcome=\"" + outcome + "\"} ";
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(it -> it.startsWith(line))
                .mapToDouble(it -> Double.parseDouble(it.substring(line.length())))
                .sum();
    }

    /** Serves this client of the application whatever else is said. */
    public static void allow(String target, String application) {
        as("operator")
                .body(Map.of("target", target, "reason", "test", "application", application))
                .post("/api/v1/allowlist")
                .then()
                .statusCode(201);
    }

    /** Blocks; returns the block's id. */
    public static String block(String target, String application, String duration) {
        return block(Map.of("target", target, "reason", "test", "duration", duration, "application", application));
    }

    /** As {@link #block(String, String, String)}, for one endpoint. */
    public static String block(String target, String application, String endpoint, String duration) {
        return block(Map.of(
                "target", target,
                "reason", "test",
                "duration", duration,
                "application", application,
                "endpoint", endpoint));
    }

    /** Blocks for an hour, with a captcha as what is done about it; returns the block's id. */
    public static String challenge(String target, String application) {
        return block(Map.of(
                "target", target,
                "reason", "test",
                "duration", "PT1H",
                "application", application,
                "remediation", "captcha"));
    }

    private static String block(Map<String, String> block) {
        return as("responder")
                .body(block)
                .post("/api/v1/blocks")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static void unblock(String id) {
        as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);
    }

    /** Puts one of envoyproxy/ratelimit's files. */
    public static ValidatableResponse putEnvoyDomain(String application, String domain, String yaml) {
        return given().auth()
                .oauth2(Tokens.of("operator"))
                .contentType("application/yaml")
                .urlEncodingEnabled(false)
                .body(yaml.getBytes(UTF_8))
                .put("/api/v1/envoy-domains/" + domain + "?application=" + application)
                .then();
    }

    /** Limits an endpoint of the application. */
    public static ValidatableResponse putPolicy(String application, String endpoint, String policy) {
        return as("operator")
                .body(policy)
                .put("/api/v1/policies/" + endpoint + "?application=" + application)
                .then();
    }

    /** Changes how the application stands to its clients. */
    public static ValidatableResponse putPosture(String application, String posture) {
        return as("responder")
                .body(posture)
                .put("/api/v1/posture?application=" + application)
                .then();
    }
}
