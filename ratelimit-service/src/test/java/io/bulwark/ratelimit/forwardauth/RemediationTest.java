package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.restassured.http.ContentType;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a gateway may do about a blocked client other than refuse it. */
@SuiteTest
class RemediationTest {
    private static final String HEADER = "X-Bulwark-Remediation";

    private String application = "";
    private String key = "";
    private String challenged = "";
    private String banned = "";

    @BeforeEach
    void block() {
        application = "remediation-" + UUID.randomUUID();
        key = Api.gatewayKey(application);
        challenged = Api.freshAddress();
        banned = Api.freshAddress();
        Api.challenge(challenged, application);
        Api.block(banned, application, "PT1H");
        await().atMost(SOON)
                .until(() -> Api.check(key, "any", challenged) == 403 && Api.check(key, "any", banned) == 403);
    }

    @ParameterizedTest
    @ValueSource(strings = {"/check/login", "/auth-request/login", "/ext-authz/any/path"})
    void whomACaptchaIsEnoughForIsRefusedWithThatHeader(String path) {
        about(challenged).get(path).then().statusCode(403).header(HEADER, "captcha");
        about(banned).get(path).then().statusCode(403).header(HEADER, nullValue());
    }

    @Test
    void theProblemNamesIt() {
        about(challenged).get("/check").then().body("remediation", equalTo("captcha"));
        about(banned).get("/check").then().body("remediation", equalTo("ban"));
    }

    @Test
    void whoAsksInJsonIsToldToo() {
        var checks = List.of(Map.of("ip", challenged), Map.of("ip", banned), Map.of("ip", Api.freshAddress()));
        given().header("X-Api-Key", key)
                .contentType(ContentType.JSON)
                .body(Map.of("checks", checks))
                .post("/api/v1/check/batch")
                .then()
                .statusCode(200)
                .body("answers.allowed", equalTo(List.of(false, false, true)))
                .body("answers[0].reason", equalTo("challenged"))
                .body("answers[0].remediation", equalTo("captcha"))
                .body("answers[1].remediation", equalTo("ban"))
                .body("answers[2].remediation", nullValue());
    }

    /** Somebody who is banned as well is not let through after a captcha. */
    @Test
    void aBanGoesBeforeACaptcha() {
        Api.block(network(challenged), application, "PT1H");

        await().atMost(SOON).until(() -> about(challenged).get("/check").header(HEADER) == null);
        about(challenged).get("/check").then().statusCode(403);
    }

    private RequestSpecification about(String address) {
        return given().header("X-Api-Key", key).header("X-Forwarded-For", address);
    }

    private static String network(String address) {
        return address.substring(0, address.lastIndexOf('.')) + ".0/24";
    }
}
