package io.bulwark.system;

import static io.bulwark.localstack.SuiteService.AUTH;
import static org.hamcrest.Matchers.lessThan;

import io.restassured.response.Response;
import java.util.Map;

/** People who sign in, and one who guesses. */
final class People {
    static final String PASSWORD = "a correct horse, a battery & a staple";

    private People() {}

    record Person(String id, String email) {}

    /** Onboards somebody, who then changes the temporary password. */
    static Person onboard(String email, String... roles) {
        var added = Suite.to(AUTH, "admin")
                .body(Map.of("email", email, "name", "A Person", "roles", roles))
                .post("/api/v1/users")
                .then()
                .statusCode(201)
                .extract()
                .jsonPath();
        var temporary = added.getString("temporaryPassword");
        var token = login(email, temporary, "198.51.100.1")
                .then()
                .statusCode(200)
                .extract()
                .<String>path("accessToken");
        Suite.to(AUTH)
                .header("Authorization", "Bearer " + token)
                .body(Map.of("currentPassword", temporary, "newPassword", PASSWORD))
                .put("/api/v1/me/password")
                .then()
                .statusCode(lessThan(300));
        return new Person(added.getString("user.id"), email);
    }

    static Response login(String email, String password, String address) {
        return Suite.to(AUTH)
                .header("X-Forwarded-For", address)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/login");
    }

    /** A sign-in that an application's backend passes on. */
    static Response loginThrough(String clientId, String secret, String email, String password, String address) {
        return Suite.to(AUTH)
                .auth()
                .preemptive()
                .basic(clientId, secret)
                .header("X-Forwarded-For", address)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/login");
    }
}
