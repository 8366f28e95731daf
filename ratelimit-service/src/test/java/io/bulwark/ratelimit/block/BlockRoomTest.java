package io.bulwark.ratelimit.block;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.endsWith;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.restassured.response.ValidatableResponse;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** More blocks than memory holds are refused, and nothing else is. */
@SuiteTest
class BlockRoomTest {
    private static final String SHOP = "crowded";

    @Inject
    Blocks blocks;

    @Inject
    CrowdedReplica crowd;

    private String address;

    @BeforeEach
    void arrive() {
        address = Api.freshAddress(); // the test is a bean, and one for all its methods
    }

    @AfterEach
    void leave() {
        crowd.empty();
    }

    @Test
    void whoIsBlockedCanBeBlockedForLongerAndNobodyElseCanBeBlocked() {
        order(address, "PT1H").statusCode(201);
        crowd.fill();

        order(Api.freshAddress(), "PT1H").statusCode(507).body("type", endsWith("/blocks-full"));
        order(address, "PT2H").statusCode(200);
        crowd.empty();
        order(Api.freshAddress(), "PT1H").statusCode(201);
    }

    @Test
    void aBlockThatHasEndedNeedsRoomToBeginAnew() {
        Api.unblock(order(address, "PT1H").statusCode(201).extract().path("id"));
        crowd.fill();

        order(address, "PT1H").statusCode(507);
        Api.as("auditor").get("/api/v1/blocks?target=" + address).then().body("items[0].active", equalTo(false));
    }

    @Test
    void whatADetectorFindsNoRoomForIsCountedAndItGoesOn() {
        var detected = new NewBlock(
                        Network.parse(address),
                        Scope.everything(SHOP),
                        "test",
                        "test",
                        Blocks.SERVICE,
                        Instant.now(),
                        Duration.ofHours(1))
                .escalating();
        crowd.fill();
        var before = unplaced();

        assertThat(place(detected)).isEqualTo(Blocks.Change.NO_ROOM);
        assertThat(unplaced() - before).isEqualTo(1);

        crowd.empty();
        assertThat(place(detected)).isEqualTo(Blocks.Change.BEGUN);
        var key = Api.gatewayKey(SHOP);
        await().atMost(SOON).until(() -> Api.check(key, "any", address) == 403);
    }

    private Blocks.Change place(NewBlock order) {
        return QuarkusTransaction.requiringNew().call(() -> blocks.place(order)).change();
    }

    private static ValidatableResponse order(String target, String duration) {
        return Api.as("responder")
                .body(Map.of("target", target, "reason", "test", "duration", duration, "application", SHOP))
                .post("/api/v1/blocks")
                .then();
    }

    private static double unplaced() {
        return given().get("/q/metrics")
                .asString()
                .lines()
                .filter(line -> line.startsWith("ratelimit_blocks_unplaced_total"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }
}
