package io.bulwark.ratelimit.forwardauth;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.ratelimit.decision.Decision;
import io.bulwark.ratelimit.gateway.Profiles;
import io.bulwark.ratelimit.gateway.Undecided;
import io.bulwark.ratelimit.policy.FailMode;
import io.restassured.response.ValidatableResponse;
import io.vertx.core.Vertx;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a gateway that asks by status is told while a replica does not know the blocks yet. */
class UndecidedAnswerTest {
    private static Vertx vertx;

    @BeforeAll
    static void begin() {
        vertx = Vertx.vertx();
    }

    @AfterAll
    static void end() {
        vertx.close();
    }

    @ParameterizedTest
    @CsvSource({"OPEN, REFUSE", "OPEN, SERVE", ", SERVE"})
    void whoIsServedWithoutADecisionIsMarked(FailMode policy, Undecided gateway) {
        answer(policy, gateway)
                .statusCode(200)
                .header("X-Bulwark-Undecided", "true")
                .body(emptyString());
    }

    @ParameterizedTest
    @CsvSource({"CLOSED, REFUSE", "CLOSED, SERVE", ", REFUSE"})
    void otherwiseItIs503SoThatTheGatewaysOwnSettingApplies(FailMode policy, Undecided gateway) {
        answer(policy, gateway)
                .statusCode(503)
                .header("Retry-After", "1")
                .header("Cache-Control", "no-store")
                .header("X-Bulwark-Undecided", nullValue())
                .contentType("application/problem+json");
    }

    private static ValidatableResponse answer(FailMode policy, Undecided gateway) {
        var server = vertx.createHttpServer()
                .requestHandler(request -> DecisionRoutes.undecided(
                        request.response(), Profiles.undecided(gateway), Decision.undecided(policy)))
                .listen(0)
                .toCompletionStage()
                .toCompletableFuture()
                .orTimeout(SOON.toSeconds(), TimeUnit.SECONDS)
                .join();
        return given().port(server.actualPort()).get("/").then();
    }
}
