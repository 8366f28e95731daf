package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.Envelope;
import io.bulwark.ratelimit.Api;
import io.bulwark.testkit.SuiteTest;
import io.bulwark.testkit.TestDatabase;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Failed sign-ins on the topic, blocks on the other. */
@SuiteTest
class LoginDetectionTest extends DetectionScene {
    private static final Duration DAY = Duration.ofDays(1);
    private static final String ANN = "ann@example.com";

    @Test
    void theFifthFailureBlocksTheAddressBehindItsApplicationsGateways() {
        var shop = Api.gatewayKey("shop");
        var bank = Api.gatewayKey("bank");
        var address = Api.freshAddress();
        for (var i = 4; i >= 0; i--) {
            assertThat(Api.check(shop, "login", address)).isEqualTo(200);
            fail(address, "shop", now.minusSeconds(i));
        }

        var block = blocks.await(IpBlocked.class, of(address));

        assertThat(block.data().application()).isEqualTo("shop");
        assertThat(block.application()).isEqualTo("shop");
        assertThat(block.data().endpoint()).isNull();
        assertThat(block.data().policy()).isEqualTo("login");
        assertThat(block.data().reason()).isEqualTo("failed-logins");
        assertThat(block.data().author()).isEqualTo("ratelimit-service");
        assertThat(block.data().until()).isEqualTo(now.plus(DAY));
        assertThat(block.time()).isEqualTo(now);
        await().atMost(SOON).until(() -> Api.check(shop, "login", address) == 403);
        assertThat(Api.check(shop, "search", address)).isEqualTo(403);
        assertThat(Api.check(bank, "login", address)).isEqualTo(200);
    }

    @Test
    void fourAreNotEnoughThoughDeliveredTwice() {
        var address = Api.freshAddress();
        for (var i = 0; i < 4; i++) {
            var failure = failure(address, ANN);
            var envelope = auth.send(failure, "twice", now.minusSeconds(i));
            auth.send(envelope, failure);
        }
        awaitCounted("twice", 4);

        assertNotBlocked(address);
    }

    @Test
    void failuresSpreadOverMoreThanTheWindowAreNoAttack() {
        var address = Api.freshAddress();
        for (var i = 0; i < 5; i++) {
            fail(address, "spread", now.minusSeconds(i * 226L));
        }
        awaitCounted("spread", 5);

        assertNotBlocked(address);
    }

    @Test
    void aBacklogWhoseBlockWouldBeOverBlocksNobody() {
        var address = Api.freshAddress();
        for (var i = 0; i < 6; i++) {
            fail(address, "backlog", now.minus(DAY).minusSeconds(60 + i));
        }
        awaitCounted("backlog", 6);

        assertNotBlocked(address);
    }

    @Test
    void aBacklogWhoseBlockStillRunsBlocksForTheRest() {
        var address = Api.freshAddress();
        var decided = now.minus(Duration.ofHours(20));
        for (var i = 0; i < 5; i++) {
            fail(address, "rest", decided.minusSeconds(i));
        }

        var block = blocks.await(IpBlocked.class, of(address));

        assertThat(block.data().until()).isEqualTo(decided.plus(DAY));
    }

    @Test
    void addressesOfOneSixtyFourCountTogether() {
        for (var i = 1; i <= 5; i++) {
            fail("2001:db8:77:1::" + i, "v6", now.minusSeconds(i));
        }

        blocks.await(IpBlocked.class, of("2001:db8:77:1::/64"));

        var key = Api.gatewayKey("v6");
        await().atMost(SOON).until(() -> Api.check(key, "login", "2001:db8:77:1:ffff::1") == 403);
    }

    @Test
    void whoGoesOnIsNotBlockedAgainAndAgain() {
        var address = Api.freshAddress();
        for (var i = 0; i < 20; i++) {
            fail(address, "stubborn", now.minusSeconds(20 - i));
        }
        awaitCounted("stubborn", 20);

        var block = blocks.await(IpBlocked.class, of(address));
        assertThat(block.data().blockedAt()).as("the fifth decides").isEqualTo(now.minusSeconds(16));
        assertThat(blocks.seenAfter(Duration.ofMillis(300), IpBlocked.class, of(address)))
                .hasSize(1);
    }

    @Test
    void aClockThatRunsAheadDoesNotMakeTheBlockLonger() {
        var address = Api.freshAddress();
        for (var i = 0; i < 5; i++) {
            fail(address, "ahead", now.plus(Duration.ofDays(300)));
        }

        var block = blocks.await(IpBlocked.class, of(address));

        assertThat(block.data().until()).isBefore(Instant.now().plus(DAY).plusSeconds(1));
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.0.0.9", "::1"})
    void ourOwnHouseIsNeverBlockedAutomatically(String address) {
        var application = "own-" + address.replace(':', 'c');
        for (var i = 0; i < 5; i++) {
            fail(address, application, now.minusSeconds(i));
        }
        awaitCounted(application, 5);

        assertThat(blocks.seenAfter(
                        Duration.ofMillis(300),
                        IpBlocked.class,
                        event -> event.application().equals(application)))
                .isEmpty();
    }

    @Test
    void whatNobodyCanBlockIsPassedOver() {
        var address = Api.freshAddress();
        auth.send(failure("not an address", ANN), "odd", now);
        auth.send(failure("203.0.113.0/24", ANN), "odd", now);
        auth.send(failure(address, ANN), "an odd name", now);
        for (var i = 0; i < 5; i++) {
            fail(address, "odd", now.minusSeconds(i));
        }

        blocks.await(IpBlocked.class, of(address));
    }

    @Test
    void aTraceGoesOnThroughTheBlock() {
        var address = Api.freshAddress();
        var traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        for (var i = 0; i < 5; i++) {
            var sent = auth.send(failure(address, ANN), "untraced", now.minusSeconds(3_600));
            auth.send(
                    new Envelope(sent.id() + "t", sent.source(), sent.type(), null, now, "traced", traceparent),
                    failure(address, ANN));
        }

        var block = blocks.await(IpBlocked.class, event -> event.application().equals("traced"));

        assertThat(block.envelope().traceparent()).contains("4bf92f3577b34da6a3ce929d0e0e4736");
    }

    @Test
    void offendersAreThoseWithMoreThanSoManyFailuresLately() {
        var often = Api.freshAddress();
        var seldom = Api.freshAddress();
        for (var i = 0; i < 7; i++) {
            fail(often, "offenders", now.minusSeconds(i));
        }
        fail(seldom, "offenders", now);
        awaitCounted("offenders", 8);
        var path = "/api/v1/offenders?application=offenders&endpoint=login";

        Api.as("auditor")
                .get(path)
                .then()
                .statusCode(200)
                .body("items", hasSize(1))
                .body("items[0].target", equalTo(often))
                .body("items[0].failures", equalTo(7));
        Api.as("responder").get(path + "&min=0").then().body("items.target", hasItem(seldom));
        Api.as("responder").get(path + "&since=" + now.plusSeconds(1)).then().body("items.target", not(hasItem(often)));
        Api.as("responder").get(path + "&since=yesterday").then().statusCode(422);
        for (var never : List.of("-1000000-01-01T00:00:00Z", "+1000000-01-01T00:00:00Z")) {
            Api.as("responder").queryParam("since", never).get(path).then().statusCode(200);
        }
        Api.as("responder").get("/api/v1/offenders?endpoint=search").then().body("items", hasSize(0));
        Api.as("user").get(path).then().statusCode(403);
    }

    private void fail(String address, String application, Instant at) {
        fail(address, ANN, application, at);
    }

    private static void awaitCounted(String application, int failures) {
        await().atMost(SOON).until(() -> counted(application) == failures);
    }

    private static int counted(String application) throws SQLException {
        try (var connection = TestDatabase.asSuperuser();
                var query =
                        connection.prepareStatement("select count(*) from ratelimit.misdeed where application = ?")) {
            query.setString(1, application);
            try (var result = query.executeQuery()) {
                result.next();
                return result.getInt(1);
            }
        }
    }
}
