package io.bulwark.ratelimit.forwardauth;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;

/** Refused calls are told of when their minute is over, so this takes one. */
@SuiteTest
@EnabledIfSystemProperty(named = "bulwark.all", matches = "true")
class RefusedQuestionsTest {
    @Test
    void refusedQuestionsAreNoMatterOfTheTrailAndOtherRefusedCallsAre() {
        var check = Map.of("ip", "203.0.113.7");
        try (var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            given().header("X-Api-Key", "bwk_" + "x".repeat(43))
                    .contentType("application/json")
                    .body(check)
                    .post("/api/v1/check")
                    .then()
                    .statusCode(401);
            Api.as("user").body(check).post("/api/v1/check").then().statusCode(403);
            Api.as("user").get("/api/v1/gateways").then().statusCode(403);

            await().atMost(Duration.ofSeconds(90))
                    .until(() -> !seen(trail, "GET /api/v1/gateways").isEmpty());
            assertThat(seen(trail, "POST /api/v1/check")).isEmpty();
        }
    }

    private static List<?> seen(EventProbe trail, String action) {
        return trail.seenAfter(
                Duration.ofMillis(500),
                ActionRecorded.class,
                entry -> entry.action().equals(action));
    }
}
