package io.bulwark.auth.account;

import static io.bulwark.auth.People.PASSWORD;
import static io.bulwark.auth.People.as;
import static io.bulwark.auth.People.change;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Revocation.UserRevoked;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import io.quarkus.test.common.WithTestResource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.SQLException;
import java.util.UUID;
import org.junit.jupiter.api.Test;

@SuiteTest
@WithTestResource(AuthFiles.class)
class PasswordChangeTest {
    private static final String NEXT = "seven lanterns over calm water";

    @Test
    void aTemporaryPasswordIsGoodForChoosingAnotherAndNothingElse() {
        var email = UUID.randomUUID() + "@example.com";
        String temporary = People.create(email, "admin")
                .then()
                .statusCode(201)
                .header("Cache-Control", "no-store")
                .extract()
                .path("temporaryPassword");
        String restricted = People.login(email, temporary)
                .then()
                .statusCode(200)
                .body("mustChangePassword", equalTo(true))
                .body("refreshToken", nullValue())
                .extract()
                .path("accessToken");

        as(restricted).get("/api/v1/me").then().statusCode(403).contentType("application/problem+json");
        as(restricted).get("/api/v1/users").then().statusCode(403);
        as(restricted).delete("/api/v1/sessions").then().statusCode(403);
        change(restricted, temporary, temporary).then().statusCode(422);
        change(restricted, temporary, NEXT).then().statusCode(204);

        People.login(email, temporary).then().statusCode(401);
        String token = People.login(email, NEXT)
                .then()
                .statusCode(200)
                .body("mustChangePassword", equalTo(false))
                .extract()
                .path("accessToken");
        as(token).get("/api/v1/me").then().statusCode(200).body("email", equalTo(email));
        People.eventually()
                .untilAsserted(() -> change(restricted, NEXT, PASSWORD).then().statusCode(401));
    }

    @Test
    void aChangeNeedsTheCurrentPasswordAndANewOneThatIsHardToGuess() {
        var person = People.add();
        var token = person.token();

        change(token, "not the current one", NEXT).then().statusCode(403).body("type", endsWith("wrong-password"));
        change(token, PASSWORD, "too short").then().statusCode(422).body("type", endsWith("weak-password"));
        change(token, PASSWORD, "passwordpassword").then().statusCode(422);
        change(token, PASSWORD, PASSWORD).then().statusCode(422);

        person.login().then().statusCode(200);
    }

    @Test
    void whoeverKnewTheOldPasswordIsOut() {
        try (var revocations = EventProbe.on(Topic.REVOCATIONS);
                var audit = EventProbe.on(Topic.AUDIT_TRAIL)) {
            var person = People.add();
            String refreshToken = person.login().then().extract().path("refreshToken");
            var token = person.token();

            change(token, PASSWORD, NEXT).then().statusCode(204);

            People.refresh(refreshToken).then().statusCode(400).body("error", equalTo("invalid_grant"));
            revocations.await(UserRevoked.class, e -> e.userId().equals(person.id()));
            People.eventually()
                    .untilAsserted(() -> as(token).get("/api/v1/me").then().statusCode(401));
            // The first was of the temporary password.
            assertThat(audit.awaitCount(ActionRecorded.class, e -> e.actorId().equals(person.id()), 2))
                    .hasSize(2)
                    .allSatisfy(entry -> {
                        assertThat(entry.data().action()).isEqualTo("password.change");
                        assertThat(entry.data().details()).isEmpty();
                    });
        }
    }

    @Test
    void guessingTheCurrentPasswordWithAStolenTokenLocksToo() {
        var person = People.add();
        var token = person.token();
        for (var i = 0; i < 10; i++) {
            change(token, "guess number " + i, NEXT).then().statusCode(403);
        }

        change(token, PASSWORD, NEXT).then().statusCode(403);
        person.login().then().statusCode(401);
    }

    @Test
    void aRightPasswordThatHasExpiredLocksAsAWrongOneDoes() throws SQLException {
        var email = UUID.randomUUID() + "@example.com";
        var added = People.create(email).then().statusCode(201).extract();
        String userId = added.path("user.id");
        String temporary = added.path("temporaryPassword");
        String restricted = People.login(email, temporary).then().extract().path("accessToken");
        try (var connection = TestDatabase.asSuperuser();
                var statement = connection.createStatement()) {
            statement.executeUpdate("update auth.account set password_expires_at = now() where id = '" + userId + "'");
        }
        try (var events = EventProbe.on(Topic.SECURITY_EVENTS)) {
            change(restricted, temporary, NEXT).then().statusCode(403);
            for (var i = 1; i < 10; i++) {
                People.login(email, temporary).then().statusCode(401);
            }

            var locked = events.await(AccountLocked.class, e -> e.userId().equals(userId));
            assertThat(locked.data().failures()).isEqualTo(10);
            assertThat(events.awaitCount(LoginFailed.class, e -> userId.equals(e.userId()), 10))
                    .extracting(event -> event.data().reason())
                    .containsOnly(Reason.PASSWORD_EXPIRED);
        }
    }

    @Test
    void aResetEndsAccessAndShowsANewTemporaryPassword() {
        var person = People.add("operator");
        var token = person.token();
        String temporary = as(People.admin())
                .post("/api/v1/users/" + person.id() + "/reset-password")
                .then()
                .statusCode(200)
                .header("Cache-Control", "no-store")
                .extract()
                .path("temporaryPassword");

        person.login().then().statusCode(401);
        People.login(person.email(), temporary).then().statusCode(200).body("mustChangePassword", equalTo(true));
        People.eventually()
                .untilAsserted(() -> as(token).get("/api/v1/me").then().statusCode(401));
    }

    @Test
    void theFirstPasswordIsLeftForItsOwnerOnly() throws IOException {
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(AuthFiles.adminFile())))
                .isEqualTo("rw-------");
    }
}
