package io.bulwark.ratelimit.geo;

import static io.bulwark.ratelimit.Api.SOON;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.matchesPattern;

import io.agroal.api.AgroalDataSource;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Without a database nothing is promised that is not kept. */
@SuiteTest
class GeoDatabaseMissingTest {
    @Inject
    AgroalDataSource dataSource;

    @Inject
    GeoTable table;

    @AfterEach
    void forget() throws SQLException {
        execute("delete from geo_block where application = 'blind'");
        table.reload();
    }

    @Test
    void aGeoBlockIsRefusedAndTheListSaysWhy() {
        Api.as("responder")
                .body(Map.of("country", "NL", "reason", "x"))
                .post("/api/v1/geo-blocks")
                .then()
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", containsString("geo-database-missing"))
                .body("detail", containsString("bulwark.ratelimit.geo.country-database"));
        Api.as("auditor")
                .get("/api/v1/geo-blocks")
                .then()
                .body("databases.find { it.kind == 'country' }.configured", equalTo(false))
                .body("databases.find { it.kind == 'country' }.available", equalTo(false));
        RestAssured.get("/q/health/ready")
                .then()
                .body("checks.find { it.name == 'geo databases' }.data.as", equalTo("not configured"));
    }

    @Test
    void aReplicaThatCannotEnforceABlockIsNotReadyAndCountsWhomItCouldNotTell() throws SQLException {
        var key = Api.gatewayKey("blind");
        execute("""
                insert into geo_block (id, application, country, reason, author, blocked_at)
                values (gen_random_uuid(), 'blind', 'NL', 'x', 'ann', now())""");
        table.reload();

        RestAssured.get("/q/health/ready")
                .then()
                .statusCode(503)
                .body("checks.find { it.name == 'geo databases' }.status", equalTo("DOWN"));
        Api.check(key, "any", "203.0.113.7");
        await().atMost(SOON)
                .untilAsserted(() -> RestAssured.get("/q/metrics")
                        .then()
                        .body(containsString("ratelimit_geo_unanswered_total"))
                        .body(matchesPattern("(?s).*ratelimit_geo_unanswered_total\\S* [1-9].*")));
    }

    private void execute(String sql) throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
