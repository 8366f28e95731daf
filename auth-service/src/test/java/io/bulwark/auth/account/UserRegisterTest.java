package io.bulwark.auth.account;

import static io.bulwark.auth.People.as;
import static io.bulwark.auth.People.offboard;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.oneOf;

import io.bulwark.auth.AuthFiles;
import io.bulwark.auth.People;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.Revocation.UserRevoked;
import io.bulwark.events.Topic;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.test.common.WithTestResource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@SuiteTest
@WithTestResource(AuthFiles.class)
class UserRegisterTest {
    @Test
    void anAddressBelongsToOnePersonForEver() {
        var person = People.add();
        var admin = People.admin();
        offboard(person.id(), admin).statusCode(200).body("status", equalTo("disabled"));

        People.create(person.email().toUpperCase(Locale.ROOT))
                .then()
                .statusCode(409)
                .body("type", endsWith("email-taken"));
        offboard(person.id(), admin).statusCode(200).body("email", equalTo(person.email()));
    }

    @Test
    void anAddressIsKeptAsItIsComparedHoweverItWasTyped() {
        var address = UUID.randomUUID() + "@example.com";
        String temporary = People.create("\u00a0" + address + "\u00a0")
                .then()
                .statusCode(201)
                .body("user.email", equalTo(address))
                .extract()
                .path("temporaryPassword");

        People.login(address, temporary).then().statusCode(200);
        People.create(address).then().statusCode(409);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"status\": \"active\"}",
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"mustChangePassword\": false}",
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"passwordHash\": \"$argon2id$\"}",
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"id\": \"00000000-0000-0000-0000-000000000001\"}",
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"roles\": [\"gateway\"]}",
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"roles\": [\"password-change-due\"]}",
                "{\"email\": \"x@example.com\", \"name\": \"X\", \"roles\": \"admin\"}",
                "{\"email\": \"x\\u0000@example.com\", \"name\": \"X\"}",
                "{\"email\": \"x@example.com\", \"name\": \"\\r\\nforged\"}",
                "{\"email\": \"x@example.com\", \"name\": \" \"}",
                "{\"email\": \"no address\", \"name\": \"X\"}",
                "{\"email\": \"x\\uff20y@example.com\", \"name\": \"X\"}",
                "[]"
            })
    void whatMayNotBeSetIsRefusedAndNotIgnored(String body) {
        as(People.admin())
                .body(body)
                .post("/api/v1/users")
                .then()
                .statusCode(oneOf(400, 422))
                .contentType("application/problem+json");
    }

    @Test
    void privilegedFieldsCannotBePatched() {
        var person = People.add();
        for (var field : List.of("status", "email", "passwordHash", "mustChangePassword", "lockedUntil", "id")) {
            as(People.admin())
                    .body(Map.of(field, "x"))
                    .patch("/api/v1/users/" + person.id())
                    .then()
                    .statusCode(400);
        }
    }

    @Test
    void whoHasNotTheRoleChangesNothing() {
        var victim = People.add();
        for (var role : List.of("user", "auditor", "responder", "operator")) {
            var token = People.add(role).token();
            var user = "/api/v1/users/" + victim.id();
            as(token).body(Map.of("roles", List.of("admin"))).patch(user).then().statusCode(403);
            as(token).body(Map.of()).post(user + "/offboard").then().statusCode(403);
            as(token).post(user + "/reset-password").then().statusCode(403);
            as(token).delete(user + "/sessions").then().statusCode(403);
            as(token)
                    .body(Map.of("email", "x@example.com", "name", "X"))
                    .post("/api/v1/users")
                    .then()
                    .statusCode(403);
            as(token).get(user).then().statusCode(role.equals("auditor") ? 200 : 403);
            as(token).get("/api/v1/users").then().statusCode(role.equals("auditor") ? 200 : 403);
        }
        victim.login().then().statusCode(200);
    }

    @Test
    void whoeverIsNobodyHereIsAnsweredAsUnauthorized() {
        given().get("/api/v1/me").then().statusCode(401).contentType("application/problem+json");
        given().get("/api/v1/users/" + UUID.randomUUID()).then().statusCode(401);
    }

    @Test
    void theLastAdministratorStays() {
        var admin = People.admin();
        String id = as(admin).get("/api/v1/me").then().extract().path("id");
        List<String> others = new ArrayList<>(as(admin)
                .get("/api/v1/users?role=admin")
                .then()
                .extract()
                .<List<String>>path("items.findAll { it.status == 'active' }.id"));
        others.remove(id);
        others.forEach(other -> offboard(other, admin).statusCode(200));

        offboard(id, admin).statusCode(409).body("type", endsWith("last-admin"));
        as(admin)
                .body(Map.of("roles", List.of("operator")))
                .patch("/api/v1/users/" + id)
                .then()
                .statusCode(409);

        as(admin).get("/api/v1/me").then().statusCode(200).body("roles", contains("admin", "user"));
    }

    @Test
    void aRoleThatIsTakenAwayIsGoneAtOnceAndRecorded() {
        var person = People.add("auditor", "operator");
        var token = person.token();
        try (var revocations = EventProbe.on(Topic.REVOCATIONS);
                var audit = EventProbe.on(Topic.AUDIT_TRAIL)) {
            as(token).get("/api/v1/users").then().statusCode(200);

            as(People.admin())
                    .body(Map.of("roles", List.of("operator")))
                    .patch("/api/v1/users/" + person.id())
                    .then()
                    .statusCode(200)
                    .body("roles", contains("operator", "user"));

            revocations.await(UserRevoked.class, e -> e.userId().equals(person.id()));
            People.eventually()
                    .untilAsserted(() -> as(token).get("/api/v1/users").then().statusCode(401));
            as(person.token()).get("/api/v1/users").then().statusCode(403);
            var entry = audit.await(
                    ActionRecorded.class,
                    e -> e.action().equals("user.change") && person.id().equals(e.target()));
            assertThat(entry.data().details())
                    .containsEntry("rolesBefore", "auditor operator user")
                    .containsEntry("roles", "operator user");
            assertThat(entry.data().actorName()).isEqualTo(People.ADMIN_EMAIL);
        }
    }

    @Test
    void anOutdatedViewOverwritesNothing() {
        var person = People.add();
        var admin = People.admin();
        var user = "/api/v1/users/" + person.id();
        var tag = as(admin)
                .get(user)
                .then()
                .header("ETag", notNullValue())
                .extract()
                .header("ETag");
        as(admin)
                .header("If-Match", tag)
                .body(Map.of("name", "First"))
                .patch(user)
                .then()
                .statusCode(200);

        as(admin)
                .header("If-Match", tag)
                .body(Map.of("name", "Second"))
                .patch(user)
                .then()
                .statusCode(412);

        as(admin).get(user).then().body("name", equalTo("First"));
    }

    @Test
    void listsComeInPages() {
        var admin = People.admin();
        People.add("operator");
        People.add("operator");
        String cursor = as(admin)
                .get("/api/v1/users?role=operator&limit=1")
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .extract()
                .path("nextCursor");

        as(admin)
                .get("/api/v1/users?role=operator&limit=1&cursor=" + cursor)
                .then()
                .body("items", hasSize(1));
        as(admin).get("/api/v1/users?cursor=nonsense").then().statusCode(422);
        as(admin).get("/api/v1/users?limit=0").then().statusCode(422);
        as(admin).get("/api/v1/users?role=emperor").then().statusCode(422);
    }

    @Test
    void whatDoesNotExistIsNotFound() {
        var admin = People.admin();
        as(admin).get("/api/v1/users/" + UUID.randomUUID()).then().statusCode(404);
        as(admin).get("/api/v1/users/1").then().statusCode(404).contentType("application/problem+json");
        as(admin)
                .delete("/api/v1/users/" + UUID.randomUUID() + "/sessions")
                .then()
                .statusCode(404);
        as(admin).get("/api/v1/users/" + UUID.randomUUID() + "/sessions").then().statusCode(404);
        as(admin).post("/api/v1/users/" + UUID.randomUUID() + "/unlock").then().statusCode(404);
    }

    @Test
    void sessionsAreListedAndEnded() {
        var person = People.add();
        var token = person.token();
        String refreshToken = person.login().then().extract().path("refreshToken");
        var admin = People.admin();
        var sessions = "/api/v1/users/" + person.id() + "/sessions";
        as(admin)
                .get(sessions)
                .then()
                .body("items", hasSize(2))
                .body("items[0].application", equalTo("bulwark"))
                .body("items[0].clientId", nullValue());

        as(admin).delete(sessions).then().statusCode(204);

        as(admin).get(sessions).then().body("items", hasSize(0));
        People.refresh(refreshToken).then().statusCode(400);
        People.eventually()
                .untilAsserted(() -> as(token).get("/api/v1/me").then().statusCode(401));
    }
}
