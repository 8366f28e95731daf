package io.bulwark.backup.source;

import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.backup.BackupServers;
import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.bulwark.testkit.Tokens;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.test.common.WithTestResource;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.Map;
import org.hamcrest.Matcher;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@WithTestResource(BackupServers.class)
class SourceTest {
    private static final String PASSWORD = "s3cret-of-the-shop";

    private final Sources sources;

    SourceTest(Sources sources) {
        this.sources = sources;
    }

    @Test
    void aPasswordGoesInAndNeverComesOut() throws SQLException {
        var answers = new StringBuilder();
        answers.append(operator()
                .body(wanted("orders-1"))
                .post("/api/v1/sources")
                .then()
                .statusCode(201)
                .header("Location", endsWith("/api/v1/sources/orders-1"))
                .body("every", equalTo("PT6H"))
                .body("password", nullValue())
                .extract()
                .asString());
        answers.append(operator()
                .get("/api/v1/sources/orders-1")
                .then()
                .statusCode(200)
                .extract()
                .asString());
        answers.append(operator()
                .get("/api/v1/sources")
                .then()
                .statusCode(200)
                .extract()
                .asString());

        assertThat(answers.toString()).doesNotContain(PASSWORD).contains("orders-1");
        assertThat(storedCredential("orders-1")).doesNotContain(PASSWORD);
    }

    @Test
    void theSuitesOwnDatabaseIsThereAndStays() {
        operator()
                .get("/api/v1/sources/bulwark")
                .then()
                .statusCode(200)
                .body("application", equalTo("bulwark"))
                .body("user", equalTo("bulwark_dump"));
        operator().delete("/api/v1/sources/bulwark").then().statusCode(409).body("type", endsWithCode("own-source"));
    }

    @Test
    void theNameOfTheSuitesOwnDatabaseIsNoOperatorsToTake() {
        operator()
                .body(wanted("bulwark"))
                .post("/api/v1/sources")
                .then()
                .statusCode(409)
                .body("type", endsWithCode("own-source"));
    }

    @Test
    void aNameIsTakenUntilItsSourceIsDeleted() {
        operator().body(wanted("orders-2")).post("/api/v1/sources").then().statusCode(201);
        operator()
                .body(wanted("orders-2"))
                .post("/api/v1/sources")
                .then()
                .statusCode(409)
                .body("type", endsWithCode("source-taken"));

        operator().delete("/api/v1/sources/orders-2").then().statusCode(204);

        operator().get("/api/v1/sources/orders-2").then().statusCode(404);
        operator().body(wanted("orders-2")).post("/api/v1/sources").then().statusCode(201);
    }

    @Test
    void aConfiguredSourceIsRegisteredAgainWhereItsUrlNamesAnotherDatabase() {
        var first = registerAsConfigured("db-1", "a password");
        assertThat(registerAsConfigured("db-1", "another password").createdAt()).isEqualTo(first.createdAt());

        var moved = registerAsConfigured("db-2", "another password");

        assertThat(moved.createdAt()).isAfter(first.createdAt());
        assertThat(moved.host()).isEqualTo("db-2");
    }

    @Test
    void aListComesInPages() {
        operator().body(wanted("page-a")).post("/api/v1/sources").then().statusCode(201);
        operator().body(wanted("page-b")).post("/api/v1/sources").then().statusCode(201);

        var first = operator()
                .get("/api/v1/sources?limit=1")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        operator()
                .queryParam("cursor", first.getString("nextCursor"))
                .get("/api/v1/sources?limit=500")
                .then()
                .statusCode(200)
                .body("items.name", hasItem("page-b"));
        assertThat(first.getList("items")).hasSize(1);
    }

    @ParameterizedTest
    @CsvSource({
        "GET, auditor, 200",
        "GET, operator, 200",
        "GET, admin, 200",
        "GET, user, 403",
        "GET, responder, 403",
        "POST, auditor, 403",
        "POST, responder, 403",
        "POST, gateway, 403",
    })
    void rolesDecide(String verb, String role, int status) {
        as(role).body(wanted("by-" + role))
                .request(verb, "/api/v1/sources")
                .then()
                .statusCode(status);
    }

    @Test
    void nobodyGetsInWithoutAToken() {
        RestAssured.given().get("/api/v1/sources").then().statusCode(401);
        RestAssured.given().get("/api/v1/backups").then().statusCode(401);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "name|Orders!", "name|-x", "name|''", "host|/var/run/postgresql", "host|a,b", "host|''", "port|0",
                        "port|70000",
                "database|''", "database|a\u0000b", "user|''", "password|''", "sslMode|maybe", "every|PT1S",
                        "every|P9999D", "application|Shop!",
            })
    void whatASourceCannotBeIsRefusedByName(String field, String value) {
        var wanted = wanted("refused");
        wanted.put(field, field.equals("port") ? Integer.valueOf(value) : value);

        operator().body(wanted).post("/api/v1/sources").then().statusCode(422).body("errors[0].field", equalTo(field));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{",
                "[]",
                "\"x\"",
                "{\"name\":{}}",
                "{\"unknown\":1}",
                "{\"port\":\"x\"}",
                "{\"every\":\"6 hours\"}"
            })
    void whatIsNoSourceIsRefused(String body) {
        operator()
                .body(body)
                .post("/api/v1/sources")
                .then()
                .statusCode(400)
                .contentType("application/problem+json")
                .body("type", notNullValue());
    }

    @Test
    void hugeAndEmptyBodiesAreRefused() {
        var wanted = wanted("huge");
        wanted.put("password", "x".repeat(500_000));
        operator().body(wanted).post("/api/v1/sources").then().statusCode(422);
        wanted.put("password", "x".repeat(2_000_000));
        operator().body(wanted).post("/api/v1/sources").then().statusCode(413);
        operator().post("/api/v1/sources").then().statusCode(400);
    }

    private Source registerAsConfigured(String host, String password) {
        var login = new DatabaseLogin(host, 5432, "shop", "dump", password, DatabaseLogin.SslMode.PREFER);
        return QuarkusTransaction.requiringNew().call(() -> {
            sources.registerAsConfigured("configured", "shop", login, SourceResource.EVERY, "test");
            return sources.named("configured").orElseThrow();
        });
    }

    private static Map<String, Object> wanted(String name) {
        return new HashMap<>(Map.of(
                "name",
                name,
                "application",
                "shop",
                "host",
                "db.example",
                "database",
                "shop",
                "user",
                "dump",
                "password",
                PASSWORD));
    }

    private static RequestSpecification operator() {
        return as("operator");
    }

    private static RequestSpecification as(String role) {
        return RestAssured.given().auth().oauth2(Tokens.of(role)).contentType(ContentType.JSON);
    }

    private static Matcher<String> endsWithCode(String code) {
        return endsWith("/" + code);
    }

    private static String storedCredential(String name) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var query = connection.prepareStatement("select credential from backup.source where name = ?")) {
            query.setString(1, name);
            try (var rows = query.executeQuery()) {
                rows.next();
                return new String(rows.getBytes(1), StandardCharsets.ISO_8859_1);
            }
        }
    }
}
