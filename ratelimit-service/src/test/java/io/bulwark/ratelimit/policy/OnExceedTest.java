package io.bulwark.ratelimit.policy;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whom a limit blocks, and whom it only refuses. */
@SuiteTest
class OnExceedTest {
    private static final Duration QUIET = Duration.ofSeconds(1);

    private LimitedApplication shop;

    @BeforeEach
    void register() {
        shop = LimitedApplication.register();
    }

    @Test
    void whoseNeighboursUsedUpTheNetworkIsRefusedAndNotBlocked() {
        shop.put(
                        "login",
                        "{'limits':[{'name':'own','limit':1,'window':'PT1H'},"
                                + "{'name':'shared','limit':20,'window':'PT1H','key':['network']}],"
                                + "'onExceed':{'block':'PT1H'}}")
                .statusCode(201);
        shop.inForce("login");
        IntStream.range(0, 16).forEach(site -> Api.check(shop.key(), "login", "2001:db8:48:" + site + "::1"));
        IntStream.range(0, 20).forEach(host -> Api.check(shop.key(), "login", "203.0.113." + host));
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            shop.ask("/check/login", "2001:db8:48:16::1").statusCode(429).body("violated-policies", contains("own"));
            shop.ask("/check/login", "203.0.113.20").statusCode(429).body("violated-policies", contains("shared"));

            assertThat(blocks.seenAfter(
                            QUIET, IpBlocked.class, block -> block.application().equals(shop.application())))
                    .isEmpty();
        }
    }

    @Test
    void whomAPersonUnblockedIsRefusedAndNotBlockedAgainForWhatItDidBefore() {
        shop.put("login", "{'limits':[{'name':'few','limit':1,'window':'PT1H'}],'onExceed':{'block':'PT1H'}}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            goOver(client);

            Api.unblock(blockOf(client));

            await().atMost(SOON).until(() -> Api.check(shop.key(), "login", client) == 429);
            Api.check(shop.key(), "login", client);
            assertThat(blocks.seenAfter(
                            QUIET, IpBlocked.class, block -> block.target().equals(client)))
                    .hasSize(1);
            assertThat(Api.check(shop.key(), "login", client)).isEqualTo(429);
        }
    }

    @Test
    void whoGoesOverAgainWhenTheWindowHasPassedIsBlockedAgain() {
        shop.put("login", "{'limits':[{'name':'few','limit':1,'window':'PT1S'}],'onExceed':{'block':'PT1H'}}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        goOver(client);

        Api.unblock(blockOf(client));

        await().atMost(SOON).until(() -> Api.check(shop.key(), "login", client) != 403);
        goOver(client);
    }

    private void goOver(String client) {
        await().atMost(SOON).until(() -> Api.check(shop.key(), "login", client) == 403);
    }

    private static String blockOf(String client) {
        return Api.as("responder").get("/api/v1/blocks?target=" + client).path("items[0].id");
    }
}
