package io.bulwark.auth.login;

import static io.bulwark.auth.People.PASSWORD;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.oneOf;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.auth.People.Person;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.common.WithTestResource;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@WithTestResource(AuthFiles.class)
class LoginTest {
    private static final int LIMIT = 10;

    @Test
    void aRightPasswordOpensASession() {
        var person = People.add("responder");
        var address = People.address();
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            People.loginFrom(address, person.email().toUpperCase(Locale.ROOT), PASSWORD)
                    .then()
                    .statusCode(200)
                    .header("Cache-Control", "no-store")
                    .body("accessToken", notNullValue())
                    .body("refreshToken", notNullValue())
                    .body("expiresIn", equalTo(300))
                    .body("mustChangePassword", equalTo(false));

            var event = events.await(LoginSucceeded.class, e -> e.address().equals(address));
            assertThat(event.data().userId()).isEqualTo(person.id());
            assertThat(event.data().account()).isEqualTo(person.email());
            assertThat(event.application()).isEqualTo("bulwark");
        }
    }

    @Test
    void theAddressIsTheOneThatTheTrustedProxySawAndNotWhatTheClientWrote() {
        var address = People.address();
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            People.loginFrom("203.0.113.200, " + address, "nobody@example.com", PASSWORD);

            events.await(LoginFailed.class, e -> e.address().equals(address));
        }
    }

    @Test
    void whyASignInFailedIsTheEventsAndNotTheCallers() {
        var disabled = People.add();
        People.offboard(disabled.id(), People.admin()).statusCode(200);
        var locked = People.add();
        IntStream.range(0, LIMIT).forEach(i -> People.login(locked.email(), "wrong"));
        var address = People.address();
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            var answers = List.of(
                    People.loginFrom(address, People.add().email(), "wrong"),
                    People.loginFrom(address, "nobody@example.com", PASSWORD),
                    People.loginFrom(address, disabled.email(), PASSWORD),
                    People.loginFrom(address, locked.email(), PASSWORD));

            assertThat(answers).extracting(Response::statusCode).containsOnly(401);
            assertThat(answers)
                    .extracting(Response::asString)
                    .containsOnly(answers.getFirst().asString());
            assertThat(answers)
                    .extracting(answer -> answer.header("Content-Type"))
                    .allMatch(type -> type.startsWith("application/problem+json"));
            assertThat(events.awaitCount(LoginFailed.class, e -> e.address().equals(address), 4))
                    .extracting(event -> event.data().reason())
                    .containsExactly(
                            Reason.WRONG_PASSWORD,
                            Reason.UNKNOWN_ACCOUNT,
                            Reason.ACCOUNT_DISABLED,
                            Reason.ACCOUNT_LOCKED);
        }
    }

    @Test
    void anUnknownAccountTakesAsLongAsAKnownOne() {
        var known = People.add().email();
        var unknown = new double[LIMIT - 1];
        var wrong = new double[LIMIT - 1];
        // By turns: what else the machine does meanwhile delays both alike.
        for (var i = 0; i < wrong.length; i++) {
            unknown[i] = millisOfLogin("nobody" + i + "@example.com");
            wrong[i] = millisOfLogin(known);
        }

        // Within 10 % on a quiet machine; here it must tell a hash from no hash.
        assertThat(median(unknown)).isBetween(median(wrong) / 2, median(wrong) * 2);
    }

    @Test
    void tenFailuresLockTheAccountUntilItIsUnlocked() {
        var person = People.add();
        var address = People.address();
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            for (var i = 0; i < LIMIT + 2; i++) {
                People.loginFrom(address, person.email(), "wrong").then().statusCode(401);
            }

            person.login().then().statusCode(401);
            assertThat(events.awaitCount(LoginFailed.class, e -> e.address().equals(address), LIMIT + 2))
                    .extracting(event -> event.data().reason())
                    .endsWith(Reason.WRONG_PASSWORD, Reason.ACCOUNT_LOCKED, Reason.ACCOUNT_LOCKED);
            assertThat(events.awaitCount(AccountLocked.class, e -> e.userId().equals(person.id()), 1))
                    .singleElement()
                    .satisfies(event -> assertThat(event.data().failures()).isEqualTo(LIMIT));

            People.as(People.admin())
                    .post("/api/v1/users/" + person.id() + "/unlock")
                    .then()
                    .statusCode(200);

            person.login().then().statusCode(200);
            events.await(AccountUnlocked.class, e -> e.userId().equals(person.id()));
        }
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("auth_login_attempts_total{outcome=\"account_locked\"}"))
                .body(containsString("auth_lockouts_total"));
    }

    @Test
    void parallelGuessesAreNotLookedAtBeyondTheLimit() throws Exception {
        var person = People.add();
        var address = People.address();
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            var answers = inParallel(24, i -> People.loginFrom(address, person.email(), "wrong"));

            // On a machine that is busy otherwise some are shed; those count for nothing.
            assertThat(answers)
                    .extracting(Response::statusCode)
                    .containsAnyOf(401)
                    .isSubsetOf(401, 503);
            var refused = (int) answers.stream()
                    .filter(answer -> answer.statusCode() == 401)
                    .count();
            var reasons = events.awaitCount(LoginFailed.class, e -> e.address().equals(address), refused).stream()
                    .map(event -> event.data().reason())
                    .toList();
            assertThat(reasons).hasSize(refused);
            assertThat(reasons).filteredOn(Reason.WRONG_PASSWORD::equals).hasSize(Math.min(LIMIT, refused));
            var locks = refused >= LIMIT ? 1 : 0;
            events.awaitCount(AccountLocked.class, e -> e.userId().equals(person.id()), locks);
            assertThat(events.seenAfter(
                            Duration.ofMillis(300),
                            AccountLocked.class,
                            e -> e.userId().equals(person.id())))
                    .hasSize(locks);
        }
    }

    @Test
    void theKeysStayWithinReachOfAFlood() throws Exception {
        var flood = Executors.newVirtualThreadPerTaskExecutor();
        var answers = IntStream.range(0, 120)
                .mapToObj(i -> flood.submit(() -> People.login("flood" + i + "@example.com", "wrong")))
                .toList();
        given().get("/oauth2/jwks").then().statusCode(200);
        assertThat(answers).as("the keys do not wait for the flood").anyMatch(answer -> !answer.isDone());

        for (var answer : answers) {
            var response = answer.get();
            assertThat(response.statusCode()).isIn(401, 503);
            if (response.statusCode() == 503) {
                assertThat(response.header("Retry-After")).isNotNull();
            }
        }
        flood.close();
    }

    @Test
    void aBackendSignsPeopleInForItsApplication() {
        var person = People.add();
        var clientId = "shop-" + person.id().substring(0, 8);
        String secret = People.as(People.admin())
                .body(Map.of("clientId", clientId, "roles", List.of("service"), "application", "shop"))
                .post("/api/v1/clients")
                .then()
                .statusCode(201)
                .extract()
                .path("secret");
        var address = People.address();
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            throughClient(clientId, secret, address, person, "wrong").then().statusCode(401);
            throughClient(clientId, secret, address, person, PASSWORD).then().statusCode(200);
            throughClient(clientId, "guessed", address, person, PASSWORD).then().statusCode(401);

            assertThat(events.await(LoginFailed.class, e -> e.address().equals(address))
                            .application())
                    .isEqualTo("shop");
            assertThat(events.await(LoginSucceeded.class, e -> e.address().equals(address))
                            .application())
                    .isEqualTo("shop");
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"email\": \"a@b.c\"}",
                "{\"email\": \"\", \"password\": \"x\"}",
                "{\"email\": \"a\\u0000@b.c\", \"password\": \"x\"}",
                "{\"email\": \"a\\ud800@b.c\", \"password\": \"x\"}",
                "{\"email\": 1.5e3, \"password\": [\"x\"]}",
                "{\"email\": \"a@b.c\", \"password\": \"x\", \"admin\": true}",
                "{\"email\": \"a@b.c\", \"password\": \"x\"",
                "null",
                ""
            })
    void whatIsNoLoginIsBadInput(String body) {
        given().contentType(ContentType.JSON)
                .body(body)
                .post("/api/v1/login")
                .then()
                .statusCode(oneOf(400, 422))
                .contentType("application/problem+json");
    }

    @Test
    void anOverlongPasswordIsNotHashed() {
        People.login("nobody@example.com", "x".repeat(257)).then().statusCode(422);
        People.login("nobody@example.com", "x".repeat(1_100_000)).then().statusCode(413);
    }

    private static Response throughClient(
            String clientId, String secret, String address, Person person, String password) {
        return given().auth()
                .preemptive()
                .basic(clientId, secret)
                .header("X-Forwarded-For", address)
                .contentType(ContentType.JSON)
                .body(Map.of("email", person.email(), "password", password))
                .post("/api/v1/login");
    }

    private static double millisOfLogin(String email) {
        var started = System.nanoTime();
        People.login(email, "wrong");
        return (System.nanoTime() - started) / 1e6;
    }

    private static double median(double... values) {
        return Arrays.stream(values).sorted().toArray()[values.length / 2];
    }

    private static List<Response> inParallel(int count, IntFunction<Response> call) throws Exception {
        try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<Response>> answers = IntStream.range(0, count)
                    .mapToObj(i -> threads.submit(() -> call.apply(i)))
                    .toList();
            threads.shutdown();
            assertThat(threads.awaitTermination(30, TimeUnit.SECONDS)).isTrue();
            return answers.stream().map(Future::resultNow).toList();
        }
    }
}
