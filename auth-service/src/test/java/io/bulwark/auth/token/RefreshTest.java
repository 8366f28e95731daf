package io.bulwark.auth.token;

import static io.bulwark.auth.People.as;
import static io.bulwark.auth.People.form;
import static io.bulwark.auth.People.refresh;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.notNullValue;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Revocation.SessionRevoked;
import io.bulwark.events.SecurityEvent.RefreshTokenReused;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.common.WithTestResource;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class RefreshTest {
    @Test
    void aRefreshTokenIsExchangedForTheNext() {
        var first = signIn();
        String second = refresh(first)
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .body("token_type", equalTo("Bearer"))
                .body("expires_in", equalTo(300))
                .body("refresh_token", not(equalTo(first)))
                .extract()
                .path("refresh_token");

        String token = refresh(second).then().statusCode(200).extract().path("access_token");
        as(token).get("/api/v1/me").then().statusCode(200);
    }

    @Test
    void aRefreshTokenThatWasUsedIsNotActive() {
        var used = signIn();
        String next = refresh(used).then().extract().path("refresh_token");

        introspect(used).body("active", equalTo(false));
        introspect(next).body("active", equalTo(true));
    }

    @Test
    void aTokenThatComesTwiceEndsTheWholeFamily() {
        var person = People.add();
        String first = person.login().then().extract().path("refreshToken");
        var next = refresh(first).then().extract();
        String second = next.path("refresh_token");
        String access = next.path("access_token");
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS);
                var revocations = EventProbe.on(Topic.REVOCATIONS)) {
            refresh(first).then().statusCode(400).body("error", equalTo("invalid_grant"));

            refresh(second).then().statusCode(400).body("error", equalTo("invalid_grant"));
            var reused = events.await(RefreshTokenReused.class, e -> e.userId().equals(person.id()));
            revocations.await(
                    SessionRevoked.class,
                    e -> e.sessionId().equals(reused.data().sessionId()));
            People.eventually()
                    .untilAsserted(() -> as(access).get("/api/v1/me").then().statusCode(401));
        }
        person.login().then().statusCode(200);
    }

    @Test
    void ofTwoThatComeTogetherOneIsAThief() throws Exception {
        var token = signIn();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Integer>> answers = new ArrayList<>();
            for (var i = 0; i < 6; i++) {
                answers.add(threads.submit(() -> refresh(token).statusCode()));
            }
            var statuses = new ArrayList<Integer>();
            for (var answer : answers) {
                statuses.add(answer.get());
            }

            assertThat(statuses).filteredOn(status -> status == 200).hasSize(1);
            assertThat(statuses).allMatch(status -> status == 200 || status == 400);
        }
    }

    @Test
    void afterADisablingNoRefreshThatRacesWithItIsGood() throws Exception {
        var person = People.add();
        var latest = new AtomicReference<String>(person.login().then().extract().path("refreshToken"));
        var access = new AtomicReference<String>();
        var admin = People.admin();
        var offboarded = new AtomicBoolean();
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var refreshing = threads.submit(() -> {
                var deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
                boolean last;
                do {
                    last = offboarded.get() || System.nanoTime() > deadline;
                    var answer = refresh(latest.get());
                    if (answer.statusCode() != 200) {
                        return answer.statusCode();
                    }
                    latest.set(answer.path("refresh_token"));
                    access.set(answer.path("access_token"));
                } while (!last);
                return 200;
            });

            People.offboard(person.id(), admin).statusCode(200);
            offboarded.set(true);

            assertThat(refreshing.get()).isEqualTo(400);
        }
        refresh(latest.get()).then().statusCode(400);
        if (access.get() != null) {
            People.eventually()
                    .untilAsserted(
                            () -> as(access.get()).get("/api/v1/me").then().statusCode(401));
        }
    }

    @Test
    void signingOutEndsTheSession() {
        var person = People.add();
        var login = person.login().then().extract();
        String refreshToken = login.path("refreshToken");
        String access = login.path("accessToken");

        form().header("Authorization", "Bearer expired")
                .formParam("token", refreshToken)
                .post("/oauth2/revoke")
                .then()
                .statusCode(200);

        refresh(refreshToken).then().statusCode(400);
        People.eventually()
                .untilAsserted(() -> as(access).get("/api/v1/me").then().statusCode(401));
    }

    @Test
    void signingOutIsRecordedAndToldOnceAndRubbishNever() {
        var person = People.add();
        var token = person.token();
        String refreshToken = person.login().then().extract().path("refreshToken");
        var from = People.address();
        try (var audit = EventProbe.on(Topic.AUDIT_TRAIL);
                var revocations = EventProbe.on(Topic.REVOCATIONS)) {
            // At once: once the topic has told of the change, the token is none.
            var dead = tokenFromBeforeAPasswordChange();
            for (var given : List.of(dead, "no token of anybody", token, token, refreshToken, refreshToken)) {
                form().header("X-Forwarded-For", from)
                        .formParam("token", given)
                        .post("/oauth2/revoke")
                        .then()
                        .statusCode(200);
            }

            audit.awaitCount(ActionRecorded.class, e -> from.equals(e.address()), 2);
            var entries = audit.seenAfter(Duration.ofMillis(300), ActionRecorded.class, e -> from.equals(e.address()));
            assertThat(entries).hasSize(2).allSatisfy(entry -> {
                assertThat(entry.data().action()).isEqualTo("token.revoke");
                assertThat(entry.data().actorId()).isEqualTo(person.id());
                assertThat(entry.data().actorName()).isEqualTo(person.email());
            });
            var sessions = entries.stream().map(entry -> entry.data().target()).toList();
            Predicate<SessionRevoked> ours = e -> sessions.contains(e.sessionId());
            revocations.awaitCount(SessionRevoked.class, ours, 2);
            assertThat(revocations.seenAfter(Duration.ofMillis(100), SessionRevoked.class, ours))
                    .hasSize(2);
        }
    }

    @Test
    void whatTheTokenEndpointCannotGrantIsAnsweredAsOAuthDoes() {
        form().post("/oauth2/token").then().statusCode(400).body("error", equalTo("invalid_request"));
        form().formParam("grant_type", "password")
                .formParam("username", People.ADMIN_EMAIL)
                .formParam("password", "x")
                .post("/oauth2/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("unsupported_grant_type"))
                .body("error_description", notNullValue());
        form().formParam("grant_type", "refresh_token", "refresh_token")
                .post("/oauth2/token")
                .then()
                .statusCode(400)
                .body("error", equalTo("invalid_request"));
        refresh("made-up\u00e9").then().statusCode(400).body("error", equalTo("invalid_grant"));
        form().formParam("grant_type", "client_credentials")
                .post("/oauth2/token")
                .then()
                .statusCode(401)
                .body("error", equalTo("invalid_client"))
                .header("WWW-Authenticate", notNullValue());
    }

    @Test
    void endingAllSessionsEndsEverybodys() {
        var person = People.add();
        String refreshToken = person.login().then().extract().path("refreshToken");
        var token = person.token();
        var admin = People.admin();

        as(admin).delete("/api/v1/sessions").then().statusCode(200);

        refresh(refreshToken).then().statusCode(400);
        People.eventually().untilAsserted(() -> {
            as(token).get("/api/v1/me").then().statusCode(401);
            as(admin).get("/api/v1/me").then().statusCode(401);
        });
        as(person.token()).get("/api/v1/me").then().statusCode(200);
    }

    private static String signIn() {
        return People.add().login().then().statusCode(200).extract().path("refreshToken");
    }

    private static String tokenFromBeforeAPasswordChange() {
        var token = People.add().token();
        People.change(token, People.PASSWORD, "harbour quill meadow 52").then().statusCode(204);
        return token;
    }

    private static ValidatableResponse introspect(String token) {
        return form().auth()
                .preemptive()
                .basic(AuthFiles.SUITE_CLIENT, AuthFiles.SUITE_SECRET)
                .formParam("token", token)
                .post("/oauth2/introspect")
                .then();
    }
}
