package io.bulwark.backup.run;

import static io.bulwark.backup.run.Api.admin;
import static io.bulwark.backup.run.Api.as;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.backup.BackupServers;
import io.bulwark.testkit.OpenApiSnapshot;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.common.WithTestResource;
import io.restassured.RestAssured;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@WithTestResource(BackupServers.class)
class BackupResourceTest {
    private static final String NOBODYS = "0198c2a4-7d1e-7c3a-9b52-3f6d5e1a9c01";

    @Test
    void anUnknownSourceIsRefused() {
        admin().body(Map.of("source", "nobody-knows"))
                .post("/api/v1/backups")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("source"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"{}", "{\"source\":\"\"}", "{\"source\":null}", "{\"source\":\"a\\u0000\"}"})
    void aSourceMustBeNamed(String body) {
        admin().body(body).post("/api/v1/backups").then().statusCode(422);
    }

    @ParameterizedTest
    @ValueSource(strings = {"limit=0", "limit=100000", "cursor=x", "cursor=ZZZ", "status=maybe", "source=a%00"})
    void badParametersAreRefused(String query) {
        admin().get("/api/v1/backups?" + query)
                .then()
                .statusCode(422)
                .contentType("application/problem+json")
                .body("errors[0].field", equalTo(query.replaceAll("=.*", "")));
    }

    @Test
    void whatIsNotThereIsNotFound() {
        admin().get("/api/v1/backups/" + NOBODYS).then().statusCode(404);
        admin().get("/api/v1/backups/not-an-id").then().statusCode(404);
        admin().post("/api/v1/backups/" + NOBODYS + "/verify").then().statusCode(404);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, /api/v1/backups, auditor, 200",
        "GET, /api/v1/backups, operator, 200",
        "GET, /api/v1/backups, responder, 403",
        "GET, /api/v1/backups, user, 403",
        "POST, /api/v1/backups, auditor, 403",
        "POST, /api/v1/backups/" + NOBODYS + "/verify, auditor, 403",
        "POST, /api/v1/backups/" + NOBODYS + "/verify, gateway, 403",
    })
    void rolesDecide(String verb, String path, String role, int status) {
        as(role).body(Map.of("source", "bulwark")).request(verb, path).then().statusCode(status);
    }

    @Test
    void readinessTellsOfTheTools() {
        RestAssured.given()
                .get("/q/health/ready")
                .then()
                .body("checks.find { it.name == 'postgresql client tools' }.status", equalTo("UP"))
                .body(
                        "checks.find { it.name == 'postgresql client tools' }.data.degraded",
                        equalTo(!Api.areToolsThere()));
    }

    @Test
    void theApiIsTheOneThatWasAgreed() throws IOException {
        OpenApiSnapshot.check();
    }
}
