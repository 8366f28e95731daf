package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.AttackEvent.CredentialStuffingDetected;
import io.bulwark.events.AttackEvent.DistributedFloodDetected;
import io.bulwark.events.AttackEvent.PasswordSprayingDetected;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.Envelope;
import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.FloodDetected;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Attacks that no single failure shows: reports on the topic, conclusions and blocks on it and the other. */
@SuiteTest
class AttackDetectionTest extends DetectionScene {
    @Inject
    Detector detector;

    @Test
    void manyAccountsFromOneAddressAreCredentialStuffing() {
        var address = Api.freshAddress();
        for (var i = 0; i < 12; i++) {
            // too slow for the count of failures per address
            fail(address, "victim-" + i, "stuffing", now.minusSeconds(285L * (12 - i)));
        }

        var attack = attacks.await(
                CredentialStuffingDetected.class, event -> event.target().equals(address));
        var block = blocks.await(IpBlocked.class, of(address));

        assertThat(attack.application()).isEqualTo("stuffing");
        assertThat(attack.data().accounts()).isGreaterThanOrEqualTo(10);
        assertThat(attack.data().threshold()).isEqualTo(10);
        assertThat(attack.data().window()).isEqualTo(Duration.ofHours(1));
        assertThat(attack.data().shadow()).isFalse();
        assertThat(block.data().policy()).isEqualTo("credential-stuffing");
        assertThat(block.data().application()).isEqualTo("stuffing");
        awaitOutcome("credential-stuffing", "stuffing", "blocked");
        assertThat(attacks.seenAfter(
                        QUIET,
                        CredentialStuffingDetected.class,
                        event -> event.target().equals(address)))
                .as("told of once")
                .hasSize(1);
    }

    @Test
    void oneAccountFromManyAddressesIsPasswordSprayingAndItsOwnerIsSpared() {
        var owner = Api.freshAddress();
        auth.send(
                new LoginSucceeded(owner, "user-1", "Chief@Example.com", null),
                "spraying",
                now.minus(Duration.ofDays(3)));
        await().atMost(SOON).until(() -> SignIns.remembered(owner));
        fail(owner, "chief@example.com", "spraying", now.minusSeconds(100));
        var addresses = Stream.generate(Api::freshAddress).limit(11).toList();
        addresses.forEach(address -> fail(address, "chief@example.com", "spraying", now.minusSeconds(50)));

        var attack = attacks.await(
                PasswordSprayingDetected.class, event -> event.account().equals("chief@example.com"));
        var hour = now.minusSeconds(50).plus(Duration.ofHours(1));
        var ends = new HashSet<Instant>();
        for (var address : addresses) {
            var block = blocks.await(IpBlocked.class, of(address));
            assertThat(block.data().policy()).isEqualTo("password-spraying");
            assertThat(block.data().until()).isBetween(hour, hour.plusSeconds(60));
            ends.add(block.data().until());
        }
        assertThat(ends).as("not all back at one moment").hasSizeGreaterThan(3);

        assertThat(attack.data().places()).isGreaterThanOrEqualTo(10);
        assertThat(attack.data().targets()).hasSizeLessThanOrEqualTo(20).doesNotHaveDuplicates();
        assertNotBlocked(owner);
        assertThat(attacks.seenAfter(
                        QUIET,
                        PasswordSprayingDetected.class,
                        event -> event.account().equals("chief@example.com")))
                .hasSize(1);
    }

    @Test
    void manyPlacesOfOneNetworkAreADistributedFloodAndAreOnlyToldOf() {
        for (var i = 1; i <= 22; i++) {
            auth.send(new WafBlocked("203.0.113." + i, null, "sqli", 3), "swarm", now.minusSeconds(i));
        }

        var attack = attacks.await(
                DistributedFloodDetected.class, event -> event.network().equals("203.0.113.0/24"));

        assertThat(attack.data().places()).isGreaterThanOrEqualTo(20);
        assertThat(attack.data().observations()).isGreaterThanOrEqualTo(60);
        assertThat(attack.data().spared()).isFalse();
        assertThat(blocks.seenAfter(
                        QUIET, IpBlocked.class, event -> event.application().equals("swarm")))
                .isEmpty();
        awaitOutcome("distributed-flood", "swarm", "noted");
    }

    @Test
    void aFirewallsRefusalsBlockTheAddressByTheirCount() {
        var address = Api.freshAddress();
        auth.send(new WafBlocked(address, "search", "xss", 12), "waf", now.minusSeconds(60));
        auth.send(new WafBlocked(address, "search", "xss", 8), "waf", now);

        var block = blocks.await(IpBlocked.class, of(address));

        assertThat(block.data().reason()).isEqualTo("waf-blocked");
        assertThat(block.data().policy()).isEqualTo("waf");
        assertThat(block.data().until()).isEqualTo(now.plus(Duration.ofHours(1)));
        assertThat(block.time()).isEqualTo(now);
    }

    @Test
    void refusalsOfAnApplicationAreOnlyWatched() {
        var address = Api.freshAddress();
        auth.send(new AccessDenied(address, "orders", null, 403, 250), "denied", now);

        awaitOutcome("access-denied", "denied", "watched");

        assertNotBlocked(address);
    }

    @Test
    void aGatewaysFloodReportsBlockTheNetworkUnlessItIsTooWide() {
        for (var i = 0; i < 3; i++) {
            auth.send(new FloodDetected("198.51.100.0/24", null, null, null), "flooded", now.minusSeconds(i));
            auth.send(new FloodDetected("100.64.0.0/10", null, null, null), "flooded", now.minusSeconds(i));
        }

        var block = blocks.await(IpBlocked.class, of("198.51.100.0/24"));

        assertThat(block.data().policy()).isEqualTo("flood");
        assertNotBlocked("100.64.0.0/10");
    }

    @Test
    void replicasThatCountAtOnceTellOfAnAttackOnce() throws Exception {
        var address = Api.freshAddress();
        var start = new CountDownLatch(1);
        try (var replicas = Executors.newFixedThreadPool(10)) {
            var counted = IntStream.range(0, 10)
                    .mapToObj(i -> replicas.submit(() -> {
                        start.await();
                        QuarkusTransaction.requiringNew().run(() -> detector.observe(List.of(report(address, i))));
                        return i;
                    }))
                    .toList();
            start.countDown();
            for (var one : counted) {
                one.get(20, TimeUnit.SECONDS);
            }
        }

        attacks.await(CredentialStuffingDetected.class, event -> event.target().equals(address));

        assertThat(attacks.seenAfter(
                        QUIET,
                        CredentialStuffingDetected.class,
                        event -> event.target().equals(address)))
                .singleElement()
                .satisfies(attack -> assertThat(attack.data().accounts()).isEqualTo(10));
    }

    private Report report(String address, int account) {
        var envelope = new Envelope("id", "/test", "test", null, now.minusSeconds(account), "replicas", null);
        return new Report(Misdeed.Kind.LOGIN_FAILED, address, 1, "victim-" + account, null, envelope);
    }

    @Test
    void theirOwnConclusionsAreNotCounted() {
        var address = Api.freshAddress();
        for (var i = 0; i < 30; i++) {
            auth.send(
                    new CredentialStuffingDetected(
                            address, 20, 10, Duration.ofHours(1), now.minusSeconds(9), now, false),
                    "loop",
                    now);
        }
        // on the same partition: when this is known, those have been passed over
        auth.send(new WafBlocked(address, null, "sqli", 20), "loop", now);
        blocks.await(IpBlocked.class, of(address));

        assertThat(detections("credential-stuffing", "loop")).isEmpty();
    }

    @Test
    void detectionsAreReadInPagesAndNotByEverybody() {
        auth.send(new WafBlocked(Api.freshAddress(), null, "sqli", 20), "paged", now);
        auth.send(new WafBlocked(Api.freshAddress(), null, "sqli", 20), "paged", now);
        await().atMost(SOON).until(() -> detections("waf", "paged").size() == 2);
        var first = Api.as("auditor")
                .get("/api/v1/detections?application=paged&limit=1")
                .then()
                .statusCode(200)
                .extract();
        var second = Api.as("auditor")
                .queryParam("cursor", first.<String>path("nextCursor"))
                .get("/api/v1/detections?application=paged&limit=1")
                .then()
                .statusCode(200)
                .extract();

        assertThat(first.<List<?>>path("items")).hasSize(1);
        assertThat(second.<List<?>>path("items")).hasSize(1);
        assertThat(second.<String>path("nextCursor")).isNull();
        assertThat(second.<String>path("items[0].id")).isNotEqualTo(first.<String>path("items[0].id"));
        Api.as("user").get("/api/v1/detections").then().statusCode(403);
        Api.as("auditor").get("/api/v1/detections?cursor=bogus").then().statusCode(422);
    }
}
