package io.bulwark.incident;

import static io.restassured.RestAssured.given;

import io.bulwark.testkit.Tokens;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;

/** The service's API as a test calls it. */
public final class Api {
    private Api() {}

    public static RequestSpecification as(String role) {
        return given().auth().oauth2(Tokens.of(role)).contentType(ContentType.JSON);
    }

    /** A person opens an incident; returns its id. */
    public static String open(String application, String severity) {
        return as("responder")
                .body(Map.of("title", "Odd traffic", "severity", severity, "application", application))
                .post("/api/v1/incidents")
                .then()
                .statusCode(201)
                .extract()
                .path("id");
    }

    public static ValidatableResponse post(String path) {
        return as("responder").post(path).then();
    }

    public static ValidatableResponse post(String path, Map<String, ?> body) {
        return as("responder").body(body).post(path).then();
    }

    public static JsonPath incident(String id) {
        return as("auditor")
                .get("/api/v1/incidents/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    public static List<Map<String, Object>> incidentsOf(String application) {
        return as("auditor")
                .get("/api/v1/incidents?application=" + application)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath()
                .getList("items");
    }
}
