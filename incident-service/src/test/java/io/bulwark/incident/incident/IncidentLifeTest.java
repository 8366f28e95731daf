package io.bulwark.incident.incident;

import static io.bulwark.incident.Api.as;
import static io.bulwark.incident.Api.incident;
import static io.bulwark.incident.Api.open;
import static io.bulwark.incident.Api.post;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.is;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.IncidentEvent.IncidentAcknowledged;
import io.bulwark.events.IncidentEvent.IncidentClosed;
import io.bulwark.events.IncidentEvent.IncidentOpened;
import io.bulwark.events.IncidentEvent.IncidentResolved;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.restassured.RestAssured;
import java.sql.SQLException;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@SuiteTest
class IncidentLifeTest {
    private static final String INCIDENTS = "/api/v1/incidents";

    private final AgroalDataSource dataSource;
    private String application;

    IncidentLifeTest(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    @BeforeEach
    void chooseAnApplication() {
        application = "app-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void goesFromOpenToClosedAndTellsEachStep() {
        try (var events = EventProbe.on(Topic.INCIDENTS)) {
            var id = open(application, "P0");
            var path = INCIDENTS + "/" + id;
            post(path + "/acknowledge")
                    .statusCode(200)
                    .body("status", equalTo("acknowledged"))
                    .body("inTime", is(true));
            post(path + "/resolve", Map.of("resolution", "Patched"))
                    .statusCode(200)
                    .body("status", equalTo("resolved"));
            post(path + "/close")
                    .statusCode(200)
                    .body("status", equalTo("closed"))
                    .body("closedAt", notNullValue());

            var opened = events.await(
                    IncidentOpened.class, event -> event.incidentId().equals(id));
            assertThat(opened.application()).isEqualTo(application);
            assertThat(opened.data().rule()).isNull();
            assertThat(events.await(
                                    IncidentAcknowledged.class,
                                    event -> event.incidentId().equals(id))
                            .data()
                            .inTime())
                    .isTrue();
            assertThat(events.await(
                                    IncidentResolved.class,
                                    event -> event.incidentId().equals(id))
                            .data()
                            .resolution())
                    .isEqualTo("Patched");
            events.await(IncidentClosed.class, event -> event.incidentId().equals(id));
            assertThat(incident(id).getList("timeline.kind"))
                    .containsExactly("opened", "acknowledged", "resolved", "closed");
            assertThat(incident(id).getList("timeline.author")).containsOnly("tester@example.com");
        }
    }

    @Test
    void saysOfItsTimeAtOnceWhatItSaysLater() {
        var found = Map.of("title", "Odd traffic", "severity", "P1", "detectedAt", "2026-01-02T03:04:05.1234569Z");
        var opened = post(INCIDENTS, found).statusCode(201).extract().jsonPath();

        assertThat(opened.getString("detectedAt"))
                .isEqualTo("2026-01-02T03:04:05.123456Z")
                .isEqualTo(incident(opened.getString("id")).getString("detectedAt"));
    }

    @Test
    void refusesWhatIsNotTheNextStepAndSaysWhatIs() {
        var path = INCIDENTS + "/" + open(application, "P1");

        post(path + "/close")
                .statusCode(409)
                .contentType("application/problem+json")
                .body("type", containsString("illegal-transition"))
                .body("from", equalTo("open"))
                .body("to", equalTo("closed"))
                .body("allowed", contains("acknowledged"));

        as("auditor").get(path).then().body("status", equalTo("open")).body("timeline", hasSize(1));
    }

    @Test
    void openedAgainWithTheSameKeyIsAnsweredAsItWas() {
        var key = UUID.randomUUID().toString();
        var opening = Map.of("title", "Something is wrong", "severity", "P1", "application", application);
        var answers = IntStream.range(0, 2)
                .mapToObj(i -> as("responder")
                        .header("Idempotency-Key", key)
                        .body(opening)
                        .post(INCIDENTS))
                .toList();

        var first = answers.get(0);
        answers.get(1)
                .then()
                .statusCode(201)
                .header("Idempotency-Replayed", "true")
                .header("ETag", equalTo(first.header("ETag")))
                .header("Location", equalTo(first.header("Location")))
                .body(equalTo(first.asString()));
        assertThat(first.header("ETag")).isNotEmpty();
    }

    @Test
    void changesOnlyTheVersionThatTheCallerSaw() {
        var path = INCIDENTS + "/" + open(application, "P1");
        var seen = as("responder").get(path).header("ETag");
        as("responder")
                .header("If-Match", seen)
                .post(path + "/acknowledge")
                .then()
                .statusCode(200);

        as("responder")
                .header("If-Match", seen)
                .body(Map.of("resolution", "x"))
                .post(path + "/resolve")
                .then()
                .statusCode(412)
                .contentType("application/problem+json");

        var newest = as("responder").get(path).header("ETag");
        as("responder")
                .header("If-Match", newest)
                .body(Map.of("resolution", "x"))
                .post(path + "/resolve")
                .then()
                .statusCode(200);
    }

    @Test
    void oneOfManyWhoAcknowledgeAtOnceWins() throws Exception {
        var path = INCIDENTS + "/" + open(application, "P1");

        try (var callers = Executors.newFixedThreadPool(8)) {
            var calls = callers.invokeAll(IntStream.range(0, 8)
                    .<Callable<Integer>>mapToObj(i ->
                            () -> as("responder").post(path + "/acknowledge").statusCode())
                    .toList());
            assertThat(calls.stream().map(call -> call.resultNow()))
                    .containsOnlyOnce(200)
                    .containsOnly(200, 409);
        }
    }

    @Test
    void listsTheNewestFirstInPagesAndByWhatIsAsked() {
        var first = open(application, "P1");
        var second = open(application, "P2");
        var third = open(application, "P2");
        post(INCIDENTS + "/" + third + "/acknowledge").statusCode(200);

        var page = as("auditor")
                .get(INCIDENTS + "?limit=2&application=" + application)
                .then();
        page.body("items.id", contains(third, second));
        String cursor = page.extract().path("nextCursor");
        as("auditor")
                .get(INCIDENTS + "?limit=2&application=" + application + "&cursor=" + cursor)
                .then()
                .body("items.id", contains(first))
                .body("nextCursor", nullValue());
        as("auditor")
                .get(INCIDENTS + "?status=open&severity=P2&application=" + application)
                .then()
                .body("items.id", contains(second));
    }

    @Test
    void aNoteTellsWhenItHappenedAndWhenItWasWritten() {
        var path = INCIDENTS + "/" + open(application, "P1") + "/timeline";

        post(path, Map.of("text", "Called the\nprovider", "occurredAt", "2026-01-02T03:04:05.1234569Z"))
                .statusCode(201)
                .body("kind", equalTo("note"))
                .body("occurredAt", equalTo("2026-01-02T03:04:05.123456Z"))
                .body("recordedAt", notNullValue());

        as("operator")
                .get(path)
                .then()
                .body("items.kind", contains("opened", "note"))
                .body("items[1].occurredAt", equalTo("2026-01-02T03:04:05.123456Z"));
        post(path, Map.of("text", "x", "occurredAt", "2126-01-02T03:04:05Z")).statusCode(422);
    }

    @Test
    void theTimelineOnlyGrows() throws SQLException {
        open(application, "P1");
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            for (var change : new String[] {
                "update timeline_entry set text = 'x'", "delete from timeline_entry", "truncate timeline_entry"
            }) {
                assertThatThrownBy(() -> statement.execute(change)).hasMessageContaining("append-only");
            }
        }
    }

    @Test
    void badInputIsNamedAndChangesNothing() {
        var valid = Map.of("title", "Odd traffic", "severity", "P1");
        post(INCIDENTS, Map.of("severity", "P1")).statusCode(422).body("errors[0].field", equalTo("title"));
        post(INCIDENTS, Map.of("title", "x", "severity", "P9")).statusCode(400);
        post(INCIDENTS, Map.of("title", "a\u0000b", "severity", "P1")).statusCode(422);
        post(INCIDENTS, Map.of("title", "x".repeat(201), "severity", "P1")).statusCode(422);
        post(INCIDENTS, Map.of("title", "x", "severity", "P1", "wat", 1)).statusCode(400);
        post(INCIDENTS, Map.of("title", "x", "severity", "P1", "application", "a b"))
                .statusCode(422);
        post(INCIDENTS, Map.of("title", "x", "severity", "P1", "detectedAt", "tomorrow"))
                .statusCode(400);
        post(INCIDENTS, Map.of("title", "x", "severity", "P1", "description", "a\u0000b"))
                .statusCode(422);
        as("responder").body("{").post(INCIDENTS).then().statusCode(400);
        as("responder").post(INCIDENTS).then().statusCode(400);
        as("auditor")
                .get(INCIDENTS + "?status=asleep")
                .then()
                .statusCode(422)
                .body("errors[0].field", equalTo("status"));
        as("auditor").get(INCIDENTS + "?limit=501").then().statusCode(422);
        as("auditor").get(INCIDENTS + "?cursor=%21").then().statusCode(422);
        as("auditor").get(INCIDENTS + "/not-an-id").then().statusCode(404);
        as("auditor").get(INCIDENTS + "/" + UUID.randomUUID()).then().statusCode(404);
        as("auditor").body(valid).post(INCIDENTS).then().statusCode(403);
        as("operator").body(valid).post(INCIDENTS).then().statusCode(403);
        RestAssured.given().get(INCIDENTS).then().statusCode(401).contentType("application/problem+json");
    }
}
