package io.bulwark.ratelimit.anomaly;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.bulwark.events.AttackEvent.RateAnomalyDetected;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import jakarta.inject.Inject;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.UUID;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whose rates are learned that gateways only ask about. */
@SuiteTest
class RequestCountsTest {
    private static final Offset<Double> ROUNDED = within(0.001);

    @Inject
    RequestCounts counts;

    @Inject
    AnomalyDetector detector;

    @Inject
    InstantSource clock;

    private String application;

    @BeforeEach
    void beAnotherApplication() {
        application = "asking-" + UUID.randomUUID();
    }

    @Test
    void whatGatewaysAskAboutIsLearnedOfEachEndpointAndOfAll() throws SQLException {
        var key = Api.gatewayKey(application);
        for (var i = 0; i < 3; i++) {
            Api.check(key, "login", Api.freshAddress());
        }
        Api.check(key, "search", Api.freshAddress());
        Api.check(key, "search/0", Api.freshAddress()); // only looks
        given().header("X-Api-Key", key)
                .header("X-Forwarded-For", Api.freshAddress())
                .get("/check")
                .then()
                .statusCode(200);
        given().header("X-Api-Key", key)
                .body("{\"domain\":\"edge\",\"descriptors\":[{\"entries\":[{\"key\":\"path\",\"value\":\"/\"}]}]}")
                .post("/json")
                .then()
                .statusCode(200);

        counts.tell();
        counts.tell();

        assertThat(learned("login")).isCloseTo(3, ROUNDED);
        assertThat(learned("search")).isCloseTo(1, ROUNDED);
        assertThat(learned("")).as("of the whole application").isCloseTo(6, ROUNDED);
    }

    @Test
    void manyTimesTheUsualIsToldOf() throws SQLException {
        var key = Api.gatewayKey(application);
        execute("""
                insert into ratelimit.request_hour (application, endpoint, source, minutes, at, median, deviation, ratio)
                select '%s', 'login', 'decisions', 5, date_trunc('hour', now(), 'UTC') - interval '1 hour' * n, 2, 1, 'NaN'
                from generate_series(-1, 5 * 7 * 24 + 2) as n""");
        execute("""
                insert into ratelimit.request_interval (application, endpoint, source, minutes, at, requests)
                select '%s', 'login', 'decisions', 5,
                    date_bin('5 minutes', now(), 'epoch') - interval '5 minutes' * n, 51
                from generate_series(-1, 1) as n""");
        try (var attacks = EventProbe.on(Topic.SECURITY_EVENTS)) {
            Api.check(key, "login", Api.freshAddress());

            counts.tell();

            var anomaly = attacks.await(
                    RateAnomalyDetected.class, event -> event.application().equals(application));
            assertThat(anomaly.data().endpoint()).isEqualTo("login");
            assertThat(anomaly.data().expected()).isCloseTo(2, within(0.1));
            assertThat(anomaly.data().threshold()).isEqualTo(50);
            assertThat(anomaly.data().shadow()).isTrue();
        }
    }

    @Test
    void replicasCountTogether() throws SQLException {
        for (var i = 1; i <= 3; i++) {
            var replica = replica(1, 1);
            for (var requests = 0; requests < 10 * i; requests++) {
                replica.count(application, "login");
            }
            replica.tell();
        }

        assertThat(learned("login")).isCloseTo(60, ROUNDED);
    }

    @Test
    void whatCannotBeToldIsToldLater() throws SQLException {
        var replica = replica(2, 1);
        replica.count(application + "-2", "login");
        replica.count(application, "login");
        execute("alter table ratelimit.request_series rename to request_series_away");
        try {
            replica.tell();
        } finally {
            execute("alter table ratelimit.request_series_away rename to request_series");
        }
        replica.count(application, "login");

        replica.tell();

        assertThat(learned("login")).isCloseTo(2, ROUNDED);
        assertThat(learned("")).isCloseTo(2, ROUNDED);
        application += "-2";
        assertThat(learned("login")).isCloseTo(1, ROUNDED);
    }

    @Test
    void tooManyEndpointsCountForTheApplicationAloneUntilThereIsRoom() throws SQLException {
        var replica = replica(1, 2);
        for (var endpoint : new String[] {"a", "b", "c"}) {
            replica.count(application, endpoint);
        }
        replica.tell();
        replica.count(application, "a");
        replica.tell(); // nobody has asked about b
        replica.count(application, "c");
        replica.tell();

        assertThat(learned("a")).isCloseTo(2, ROUNDED);
        assertThat(learned("b")).isCloseTo(1, ROUNDED);
        assertThat(learned("c")).isCloseTo(1, ROUNDED);
        assertThat(learned("")).isCloseTo(5, ROUNDED);
    }

    @Test
    void tooManyApplicationsAndThoseWithoutAProperNameAreNotCounted() throws SQLException {
        var replica = replica(1, 1);
        replica.count("not a name", "login");
        replica.count(application, "login");
        replica.count(application + "-2", "login");
        replica.tell();

        assertThat(learned("login")).isCloseTo(1, ROUNDED);
        assertThat(number("select count(*) from ratelimit.request_series where application in ('not a name', '%s-2')"))
                .isZero();
    }

    private RequestCounts replica(int mostApplications, int mostEndpoints) {
        return new RequestCounts(detector, clock, mostApplications, mostEndpoints);
    }

    private double learned(String endpoint) throws SQLException {
        return number("select coalesce(sum(requests), 0) from ratelimit.request_interval"
                + " where application = '%s' and source = 'decisions' and endpoint = '" + endpoint + "'");
    }

    private double number(String sql) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement();
                var result = statement.executeQuery(sql.formatted(application))) {
            result.next();
            return result.getDouble(1);
        }
    }

    private void execute(String sql) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.execute(sql.formatted(application));
        }
    }
}
