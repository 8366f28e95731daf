package io.bulwark.ratelimit.policy;

import static org.assertj.core.api.Assertions.assertThat;
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
}
