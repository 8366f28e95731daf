package io.bulwark.backup.run;

import io.bulwark.backup.TestStore;
import io.bulwark.testkit.Tokens;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.path.json.JsonPath;
import io.restassured.specification.RequestSpecification;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Stream;

/** The service as an administrator calls it. */
public final class Api {
    private Api() {}

    public static RequestSpecification admin() {
        return as("admin");
    }

    static RequestSpecification as(String role) {
        return RestAssured.given().auth().oauth2(Tokens.of(role)).contentType(ContentType.JSON);
    }

    public static void register(String name, String database, String password) {
        admin().body(Map.of(
                        "name",
                        name,
                        "application",
                        "shop",
                        "host",
                        "127.0.0.1",
                        "port",
                        TestStore.postgres().port(),
                        "database",
                        database,
                        "user",
                        "bulwark_dump",
                        "password",
                        password))
                .post("/api/v1/sources")
                .then()
                .statusCode(201);
    }

    static String request(String source) {
        return admin().body(Map.of("source", source))
                .post("/api/v1/backups")
                .then()
                .statusCode(202)
                .extract()
                .path("id");
    }

    static JsonPath backup(String id) {
        return admin().get("/api/v1/backups/" + id)
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
    }

    /** The object key of a stored backup. */
    static String key(JsonPath backup) {
        return backup.getString("location").substring(("s3://" + TestStore.BUCKET + "/").length());
    }

    static boolean areToolsThere() {
        return Stream.of(System.getenv("PATH").split(":"))
                .anyMatch(directory -> Files.isExecutable(Path.of(directory, "pg_dump")));
    }
}
