package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What led to a block that a person ended does not count again. */
@SuiteTest
class ForgivenessTest extends DetectionScene {
    private String address;

    @BeforeEach
    void comeFromElsewhere() {
        address = Api.freshAddress();
    }

    @Test
    void whoWasUnblockedStartsAfresh() {
        blockAndUnblock("forgiven");

        for (var i = 0; i < 4; i++) {
            fail("forgiven", Instant.now());
        }
        awaitFailures("forgiven", 9);
        assertThat(blocks.seenAfter(QUIET, IpBlocked.class, of(address))).hasSize(1);

        fail("forgiven", Instant.now());
        blocks.awaitCount(IpBlocked.class, of(address), 2);
    }

    @Test
    void whatWasForgivenStaysSoThoughItIsBlockedForSomethingElse() {
        blockAndUnblock("otherwise");
        auth.send(new WafBlocked(address, null, "sqli", 20), "otherwise", Instant.now());
        var other = blocks.awaitCount(IpBlocked.class, of(address), 2).getLast();
        assertThat(other.data().policy()).isEqualTo("waf");

        fail("otherwise", Instant.now());
        awaitFailures("otherwise", 6);

        assertThat(blocks.seenAfter(QUIET, IpBlocked.class, of(address))).hasSize(2);
    }

    private void blockAndUnblock(String application) {
        var now = Instant.now();
        for (var i = 1; i <= 5; i++) {
            fail(application, now.minusSeconds(i));
        }
        blocks.await(IpBlocked.class, of(address));
        var id = Api.as("responder")
                .get("/api/v1/blocks?active=true&target=" + address)
                .then()
                .extract()
                .<String>path("items[0].id");
        Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);
    }

    private void fail(String application, Instant at) {
        fail(address, "ann@example.com", application, at);
    }

    private static void awaitFailures(String application, int failures) {
        await().atMost(SOON)
                .untilAsserted(() -> Api.as("auditor")
                        .get("/api/v1/offenders?min=0&application=" + application)
                        .then()
                        .body("items[0].failures", equalTo(failures)));
    }
}
