package io.bulwark.ratelimit.crowdsec;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.gateway.GatewayKeys;
import io.bulwark.testkit.SuiteTest;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.ext.web.Router;
import jakarta.inject.Inject;
import java.time.InstantSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Of a replica that does not know every block and every rule, whatever it knows already, bouncers are told nothing. */
@SuiteTest
class StartingReplicaTest {
    @Inject
    GatewayKeys keys;

    @Inject
    Ledgers ledgers;

    @Inject
    Bouncers bouncers;

    @Inject
    LongAnswers longAnswers;

    @Inject
    CrowdSecConfig config;

    @Inject
    InstantSource clock;

    @Inject
    Vertx vertx;

    private volatile boolean ready;
    private HttpServer server;

    @BeforeEach
    void serve() {
        ready = false;
        var router = Router.router(vertx);
        new BouncerRoute(keys, ledgers, bouncers, longAnswers, () -> ready, config, clock).init(router);
        server = vertx.createHttpServer()
                .requestHandler(router)
                .listen(0, "127.0.0.1")
                .toCompletionStage()
                .toCompletableFuture()
                .join();
    }

    @AfterEach
    void close() {
        server.close();
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/decisions?ip=203.0.113.7", "/v1/decisions/stream?startup=true"})
    void bouncersKeepWhatTheyHaveUntilItIsReady(String path) {
        var key = Api.gatewayKey("starting");
        given().port(server.actualPort())
                .header("X-Api-Key", key)
                .get(path)
                .then()
                .statusCode(503)
                .body(equalTo("{\"message\":\"decisions are not loaded yet\"}"));

        ready = true;

        given().port(server.actualPort())
                .header("X-Api-Key", key)
                .get(path)
                .then()
                .statusCode(200);
    }

    @Test
    void itIsDownUntilItIsReady() {
        given().port(server.actualPort()).get("/health").then().statusCode(503).body(equalTo("{\"status\":\"down\"}"));

        ready = true;

        given().port(server.actualPort()).get("/health").then().statusCode(200);
    }
}
