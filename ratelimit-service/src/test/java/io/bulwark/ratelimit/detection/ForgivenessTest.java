package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.EventSender;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.time.Instant;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What led to a block that a person ended does not count again. */
@SuiteTest
class ForgivenessTest {
    private static final Duration QUIET = Duration.ofMillis(300);

    private final Predicate<IpBlocked> ofIt = event -> event.target().equals(this.address);
    private String address;
    private EventSender auth;
    private EventProbe blocks;

    @BeforeEach
    void open() {
        address = Api.freshAddress();
        auth = EventSender.as("auth-service");
        blocks = EventProbe.on(Topic.IP_BLOCKED);
    }

    @AfterEach
    void close() {
        auth.close();
        blocks.close();
    }

    @Test
    void whoWasUnblockedStartsAfresh() {
        blockAndUnblock("forgiven");

        for (var i = 0; i < 4; i++) {
            fail("forgiven", Instant.now());
        }
        awaitFailures("forgiven", 9);
        assertThat(blocks.seenAfter(QUIET, IpBlocked.class, ofIt)).hasSize(1);

        fail("forgiven", Instant.now());
        blocks.awaitCount(IpBlocked.class, ofIt, 2);
    }

    @Test
    void whatWasForgivenStaysSoThoughItIsBlockedForSomethingElse() {
        blockAndUnblock("otherwise");
        auth.send(new WafBlocked(address, null, "sqli", 20), "otherwise", Instant.now());
        var other = blocks.awaitCount(IpBlocked.class, ofIt, 2).getLast();
        assertThat(other.data().policy()).isEqualTo("waf");

        fail("otherwise", Instant.now());
        awaitFailures("otherwise", 6);

        assertThat(blocks.seenAfter(QUIET, IpBlocked.class, ofIt)).hasSize(2);
    }

    private void blockAndUnblock(String application) {
        var now = Instant.now();
        for (var i = 1; i <= 5; i++) {
            fail(application, now.minusSeconds(i));
        }
        blocks.await(IpBlocked.class, ofIt);
        var id = Api.as("responder")
                .get("/api/v1/blocks?active=true&target=" + address)
                .then()
                .extract()
                .<String>path("items[0].id");
        Api.as("responder").delete("/api/v1/blocks/" + id).then().statusCode(204);
    }

    private void fail(String application, Instant at) {
        auth.send(new LoginFailed(address, "ann@example.com", null, Reason.WRONG_PASSWORD), application, at);
    }

    private static void awaitFailures(String application, int failures) {
        await().atMost(SOON)
                .untilAsserted(() -> Api.as("auditor")
                        .get("/api/v1/offenders?min=0&application=" + application)
                        .then()
                        .body("items[0].failures", equalTo(failures)));
    }
}
