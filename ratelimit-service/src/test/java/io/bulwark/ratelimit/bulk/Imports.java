package io.bulwark.ratelimit.bulk;

import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.ratelimit.Api;
import io.restassured.response.ValidatableResponse;
import java.time.Duration;

/** Imports as a responder sends them. */
final class Imports {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private Imports() {}

    /** Sends it again while another runs: one is told as done a moment before the next may begin. */
    static ValidatableResponse post(String type, String query, String body) {
        return await().atMost(PATIENCE)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(50))
                .until(
                        () -> postOnce(type, query, body),
                        answer -> answer.extract().statusCode() != 429);
    }

    private static ValidatableResponse postOnce(String type, String query, String body) {
        return Api.as("responder")
                .contentType(type.contains("charset") ? type : type + ";charset=UTF-8")
                .body(body)
                .post("/api/v1/blocks/imports" + query)
                .then();
    }

    /** Sends a list and waits until it is placed; what became of it. */
    static ValidatableResponse place(String type, String query, String body) {
        var location = post(type, query, body).statusCode(202).extract().header("Location");
        await().atMost(PATIENCE)
                .pollInterval(Duration.ofMillis(50))
                .until(() -> !get(location).extract().path("state").equals("running"));
        return get(location).body("state", equalTo("done"));
    }

    private static ValidatableResponse get(String location) {
        return Api.as("auditor").get(location).then().statusCode(200);
    }
}
