package io.bulwark.auth;

import static io.restassured.RestAssured.given;

import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import io.restassured.specification.RequestSpecification;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;

/** People of a test, made through the service's own endpoints. */
public final class People {
    public static final String ADMIN_EMAIL = "admin@bulwark.local";
    public static final String PASSWORD = "walnut ferry cobalt 71";
    private static final String ADMIN_PASSWORD = "granite owl harbour 38";
    private static final AtomicInteger ADDRESSES = new AtomicInteger();
    private static boolean adminReady;

    private People() {}

    /** Somebody with a password of their own. */
    public record Person(String id, String email) {
        public Response login() {
            return People.login(email, PASSWORD);
        }

        public String token() {
            return login().then().statusCode(200).extract().path("accessToken");
        }
    }

    /** The first administrator, signed in anew. */
    public static synchronized String admin() {
        if (!adminReady) {
            var first = oneTimePassword();
            change(restricted(ADMIN_EMAIL, first), first, ADMIN_PASSWORD).then().statusCode(204);
            adminReady = true;
        }
        return login(ADMIN_EMAIL, ADMIN_PASSWORD)
                .then()
                .statusCode(200)
                .extract()
                .path("accessToken");
    }

    public static Person add(String... roles) {
        var email = UUID.randomUUID() + "@example.com";
        var added = create(email, roles).then().statusCode(201).extract();
        String temporary = added.path("temporaryPassword");
        change(restricted(email, temporary), temporary, PASSWORD).then().statusCode(204);
        return new Person(added.path("user.id"), email);
    }

    public static Response create(String email, String... roles) {
        return as(admin())
                .body(Map.of("email", email, "name", "Test Person", "roles", List.of(roles)))
                .post("/api/v1/users");
    }

    public static Response login(String email, String password) {
        return loginFrom(address(), email, password);
    }

    public static Response loginFrom(String address, String email, String password) {
        return given().header("X-Forwarded-For", address)
                .contentType(ContentType.JSON)
                .body(Map.of("email", email, "password", password))
                .post("/api/v1/login");
    }

    public static Response change(String token, String current, String wanted) {
        return as(token)
                .body(Map.of("currentPassword", current, "newPassword", wanted))
                .put("/api/v1/me/password");
    }

    public static RequestSpecification as(String token) {
        return given().header("Authorization", "Bearer " + token).contentType(ContentType.JSON);
    }

    public static Response refresh(String refreshToken) {
        return form().formParam("grant_type", "refresh_token")
                .formParam("refresh_token", refreshToken)
                .post("/oauth2/token");
    }

    public static RequestSpecification form() {
        return given().contentType("application/x-www-form-urlencoded");
    }

    public static ValidatableResponse offboard(String id, String admin) {
        return as(admin)
                .body(Map.of("reason", "left the company"))
                .post("/api/v1/users/" + id + "/offboard")
                .then();
    }

    /** Revocations travel: two seconds, by the design; longer on a machine that is busy. */
    public static ConditionFactory eventually() {
        return Awaitility.await().atMost(Duration.ofSeconds(30)).pollInterval(Duration.ofMillis(50));
    }

    /** An address that no other test comes from. */
    public static String address() {
        var number = ADDRESSES.incrementAndGet();
        return "198.18." + number / 250 + "." + (number % 250 + 1);
    }

    private static String restricted(String email, String temporary) {
        return login(email, temporary).then().statusCode(200).extract().path("accessToken");
    }

    private static String oneTimePassword() {
        try {
            return Files.readString(AuthFiles.adminFile()).strip();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
