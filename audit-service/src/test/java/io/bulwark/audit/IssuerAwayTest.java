package io.bulwark.audit;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.Tokens;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A token that cannot be checked is neither believed nor called wrong. */
@SuiteTest
@TestProfile(IssuerAwayTest.NobodyIssues.class)
class IssuerAwayTest {
    public static class NobodyIssues implements QuarkusTestProfile {
        @Override
        public Map<String, String> getConfigOverrides() {
            return Map.of("quarkus.oidc.auth-server-url", "http://127.0.0.1:1");
        }
    }

    @Test
    void bearersAreAskedToComeBackAndTheServiceIsNotReady() {
        given().header("Authorization", "Bearer " + Tokens.of("auditor"))
                .get("/api/v1/entries")
                .then()
                .statusCode(503)
                .contentType("application/problem+json")
                .header("Retry-After", equalTo("5"));
        given().get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.find { it.name == \"issuer's keys\" }.status", equalTo("DOWN"));
    }
}
