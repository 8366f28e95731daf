package io.bulwark.ratelimit.policy;

import static io.bulwark.ratelimit.Api.SOON;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.contains;
import static org.hamcrest.Matchers.emptyString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasKey;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.matchesPattern;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.CloudEvent;
import io.bulwark.events.SecurityEvent;
import io.bulwark.events.Topic;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What gateways and clients are told where a policy holds. */
@SuiteTest
class LimitedRequestsTest {
    private static final Duration QUIET = Duration.ofMillis(400);
    private static final String THREE = "{'limits':[{'name':'burst','limit':3,'window':'PT1H','burst':3}]}";

    private LimitedApplication shop;

    @BeforeEach
    void register() {
        shop = LimitedApplication.register();
    }

    @Test
    void exactlySoManyPassThenTheRestAreToldWhenToComeBack() {
        shop.put("login", THREE).statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();

        shop.ask("/check/login", client)
                .statusCode(200)
                .header("RateLimit-Policy", "\"burst\";q=3;w=3600")
                .header("RateLimit", matchesPattern("\"burst\";r=2;t=\\d+"))
                .header("Retry-After", nullValue())
                .body(emptyString());
        shop.ask("/check/login", client).statusCode(200);
        shop.ask("/check/login", client).statusCode(200);
        shop.ask("/check/login", client)
                .statusCode(429)
                .contentType("application/problem+json")
                .header("Retry-After", matchesPattern("1[0-2][0-9]{2}"))
                .header("Cache-Control", "no-store")
                .header("RateLimit", matchesPattern("\"burst\";r=0;t=\\d+"))
                .body("type", equalTo("https://iana.org/assignments/http-problem-types#quota-exceeded"))
                .body("status", equalTo(429))
                .body("violated-policies", contains("burst"));
        shop.ask("/auth-request/login", client)
                .statusCode(403)
                .header("X-RateLimit-Status", "429")
                .header("RateLimit-Policy", "\"burst\";q=3;w=3600")
                .body(emptyString());
        shop.ask("/check/other", client).statusCode(200).header("RateLimit", nullValue());
        shop.json("login", client, 1)
                .statusCode(200)
                .body("allowed", equalTo(false))
                .body("reason", equalTo("limited"))
                .body("policy", equalTo("burst"))
                .body("limit", equalTo(3))
                .body("remaining", equalTo(0));
    }

    @Test
    void aCostCountsForMoreAndALookForNothing() {
        shop.put("export", THREE).statusCode(201);
        shop.inForce("export");
        var client = Api.freshAddress();

        shop.json("export", client, 0).body("allowed", equalTo(true)).body("remaining", equalTo(3));
        shop.ask("/check/export/2", client).statusCode(200).header("RateLimit", matchesPattern("\"burst\";r=1;t=\\d+"));
        shop.json("export", client, 2).body("allowed", equalTo(false)).body("reason", equalTo("limited"));
        shop.json("export", client, 0).body("remaining", equalTo(1));
        shop.json("export", client, 4).body("allowed", equalTo(false)).body("$", not(hasKey("retryAfterSeconds")));
        shop.ask("/check/export/4", client).statusCode(429).header("Retry-After", nullValue());
        given().header("X-Api-Key", shop.key())
                .header("X-Forwarded-For", client)
                .get("/ext-authz/export?cost=0")
                .then()
                .statusCode(200)
                .header("RateLimit", nullValue());
    }

    @Test
    void whatAPolicyForEveryEndpointSaysHoldsWhereThereIsNoOther() {
        shop.put("login", THREE).statusCode(201);
        shop.inForce("login");
        shop.put("*", "{'limits':[{'name':'all','limit':2,'window':'PT1H'}]}").statusCode(201);
        shop.inForce("a");
        var client = Api.freshAddress();

        shop.ask("/check/a", client).statusCode(200).header("RateLimit-Policy", "\"all\";q=2;w=3600");
        shop.ask("/check", client).statusCode(200);
        shop.ask("/check/b", client).statusCode(429);
        shop.ask("/check/login", client).statusCode(200).header("RateLimit-Policy", "\"burst\";q=3;w=3600");
    }

    @Test
    void allLimitsOfARequestAreConsumedOrNone() {
        shop.put(
                        "login",
                        "{'limits':[{'name':'wide','limit':10,'window':'PT1H','key':[]},"
                                + "{'name':'each','limit':2,'window':'PT1H'},"
                                + "{'name':'trial','limit':1,'window':'PT1H','shadow':true}]}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();

        shop.ask("/check/login", client).statusCode(200);
        shop.ask("/check/login", client)
                .statusCode(200)
                .header("RateLimit-Policy", "\"wide\";q=10;w=3600, \"each\";q=2;w=3600");
        for (var i = 0; i < 10; i++) {
            shop.ask("/check/login", client).statusCode(429).body("violated-policies", contains("each"));
        }
        shop.json("login", Api.freshAddress(), 0).body("policy", equalTo("each"));
        for (var i = 0; i < 7; i++) {
            shop.ask("/check/login", Api.freshAddress()).statusCode(200);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"HEAD", "OPTIONS", "POST", "DELETE"})
    void everyMethodCounts(String method) {
        shop.put("*", "{'limits':[{'name':'few','limit':2,'window':'PT1H'}]}").statusCode(201);
        shop.inForce("any");
        var client = Api.freshAddress();
        var request = given().header("X-Api-Key", shop.key()).header("X-Forwarded-For", client);

        request.request(method, "/ext-authz/orders").then().statusCode(200);
        request.get("/ext-authz/orders").then().statusCode(200);
        request.request(method, "/ext-authz/orders").then().statusCode(429);
    }

    @Test
    void severalAreDecidedTogether() {
        shop.put("login", THREE).statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        var check = Map.of("ip", client, "endpoint", "login");

        shop.ask(Map.of("checks", List.of(check, check, check, check)))
                .statusCode(200)
                .body("answers.allowed", contains(true, true, true, false))
                .body("answers[2].remaining", equalTo(0));
        shop.ask(Map.of("checks", List.of())).statusCode(422);
        shop.ask(Map.of("checks", List.of(check, Map.of("ip", "nonsense")))).statusCode(422);
        shop.json("login", client, 0).body("remaining", equalTo(0));
    }

    @Test
    void aThousandAreDecidedTogetherWhateverTheyAreKnownBy() {
        var check =
                Map.of("ip", Api.freshAddress(), "descriptors", Map.of("Authorization", "Bearer " + "x".repeat(2_000)));

        shop.ask(Map.of("checks", Collections.nCopies(1_000, check)))
                .statusCode(200)
                .body("answers", hasSize(1_000));
        shop.ask(Map.of("checks", Collections.nCopies(1_001, check))).statusCode(422);
    }

    @Test
    void theGatewayChoosesTheFields() {
        shop.put("login", THREE).statusCode(201);
        shop.inForce("login");
        shop.withFields("x-ratelimit")
                .header("X-RateLimit-Limit", "3")
                .header("X-RateLimit-Remaining", "2")
                .header("X-RateLimit-Reset", matchesPattern("\\d+"))
                .header("RateLimit", nullValue());
        shop.withFields("ratelimit-legacy").header("RateLimit-Limit", "3").header("RateLimit-Remaining", "2");
        shop.withFields("none").header("RateLimit", nullValue()).header("RateLimit-Policy", nullValue());
    }

    @Test
    void whoGoesOverIsBlockedWhereThePolicySaysSo() {
        shop.put(
                        "login",
                        "{'limits':[{'name':'few','limit':1,'window':'PT1H'}],'onExceed':{'block':'PT1H','remediation':'captcha'}}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            shop.ask("/check/login", client).statusCode(200);
            shop.ask("/check/login", client).statusCode(429);
            var blocked = blocks.await(IpBlocked.class, block -> block.target().equals(client));
            assertThat(blocked.data().endpoint()).isEqualTo("login");
            assertThat(blocked.data().policy()).isEqualTo("over-limit");
            assertThat(blocked.data().remediation()).isEqualTo("captcha");
            assertThat(blocked.data().offences()).isEqualTo(1);
            assertThat(Duration.between(
                            blocked.data().blockedAt(), blocked.data().until()))
                    .isEqualTo(Duration.ofHours(1));
        }
        await().atMost(SOON).until(() -> Api.check(shop.key(), "login", client) == 403);
        shop.ask("/check/other", client).statusCode(200);
    }

    /** Or whoever has a /64 goes on from its next address. */
    @Test
    void whoGoesOverIsBlockedWithAllItsAddresses() {
        shop.put("login", "{'limits':[{'name':'few','limit':1,'window':'PT1H'}],'onExceed':{'block':'PT1H'}}")
                .statusCode(201);
        shop.inForce("login");
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            shop.ask("/check/login", "2001:db8:64:1::1").statusCode(200);
            shop.ask("/check/login", "2001:db8:64:1::2").statusCode(429);

            blocks.await(
                    IpBlocked.class,
                    block -> block.application().equals(shop.application())
                            && block.target().equals("2001:db8:64:1::/64"));
        }
        await().atMost(SOON).until(() -> Api.check(shop.key(), "login", "2001:db8:64:1:ffff::3") == 403);
        assertThat(Api.check(shop.key(), "login", "2001:db8:64:2::1")).isEqualTo(200);
    }

    /** An attacker that asks a million times would else fill the topics and the log. */
    @Test
    void howeverOftenWhoIsRefusedAsksNothingMoreIsTold() {
        shop.put("login", "{'limits':[{'name':'few','limit':1,'window':'PT1H'}],'onExceed':{'block':'PT1H'}}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED);
                var attacks = EventProbe.on(Topic.SECURITY_EVENTS);
                var trail = EventProbe.on(Topic.AUDIT_TRAIL)) {
            for (var i = 0; i < 100; i++) {
                Api.check(shop.key(), "login", client);
            }
            await().atMost(SOON).until(() -> Api.check(shop.key(), "login", client) == 403);
            for (var i = 0; i < 100; i++) {
                Api.check(shop.key(), "login", client);
            }

            blocks.await(IpBlocked.class, block -> block.target().equals(client));
            assertThat(blocks.seenAfter(
                            QUIET, IpBlocked.class, block -> block.target().equals(client)))
                    .hasSize(1);
            assertThat(attacks.seenAfter(
                            QUIET,
                            SecurityEvent.class,
                            event -> event.toString().contains(client)))
                    .isEmpty();
            assertThat(trail.seenAfter(QUIET, ActionRecorded.class, entry -> client.equals(entry.target())))
                    .hasSizeLessThanOrEqualTo(1);
        }
    }

    @Test
    void whoGoesOverAgainIsBlockedForLonger() {
        shop.put("login", "{'limits':[{'name':'few','limit':1,'window':'PT1S'}],'onExceed':{'block':'PT1S'}}")
                .statusCode(201);
        shop.inForce("login");
        var client = Api.freshAddress();
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            await().atMost(SOON).until(() -> {
                Api.check(shop.key(), "login", client);
                return !again(blocks, client).isEmpty();
            });
            var second = again(blocks, client).getFirst().data();
            assertThat(Duration.between(second.blockedAt(), second.until())).isEqualTo(Duration.ofSeconds(2));
        }
    }

    private static List<CloudEvent<IpBlocked>> again(EventProbe blocks, String client) {
        return blocks.seenAfter(
                Duration.ofMillis(20),
                IpBlocked.class,
                block -> block.target().equals(client) && Integer.valueOf(2).equals(block.offences()));
    }
}
