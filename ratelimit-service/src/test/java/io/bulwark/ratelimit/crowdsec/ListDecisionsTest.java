package io.bulwark.ratelimit.crowdsec;

import static io.bulwark.ratelimit.crowdsec.Shop.DAY;
import static io.bulwark.ratelimit.crowdsec.Shop.networks;
import static io.bulwark.ratelimit.crowdsec.Shop.values;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.blocklist.BlocklistWatcher.Enforced;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bouncers are told of subscribed lists. */
class ListDecisionsTest {
    private final Shop shop = new Shop();

    @Test
    void anEntryHasTheFormOfTheOriginalsLists() throws Exception {
        shop.lists(shop.list("spamhaus-drop", DAY, "203.0.113.0/24"));

        assertThat(JsonObject.mapFrom(new JsonArray(shop.live("ip=203.0.113.7")).getJsonObject(0))
                        .getMap())
                .containsEntry("origin", "lists")
                .containsEntry("scenario", "spamhaus-drop")
                .containsEntry("scope", "Range")
                .containsEntry("type", "ban")
                .containsEntry("value", "203.0.113.0/24")
                .containsEntry("duration", "24h0m0s");
        assertThat(shop.live("ip=203.0.114.7")).isEqualTo("null");
        assertThat(shop.live("range=203.0.113.128/25")).contains("203.0.113.0/24");
        assertThat(shop.live("range=203.0.0.0/16")).isEqualTo("null");
        assertThat(shop.live("range=203.0.0.0/16&contains=false")).contains("203.0.113.0/24");
        assertThat(shop.live("value=203.0.113.0/24")).contains("203.0.113.0/24");
        assertThat(shop.live("")).contains("203.0.113.0/24");
    }

    @Test
    void aListOfAnotherApplicationIsNotHandedOut() {
        shop.lists(new Enforced(
                "other", "drop", networks("203.0.113.7"), shop.now().plus(DAY)));

        assertThat(shop.whole("").toString()).isEqualTo("+[] -[]");
    }

    @Test
    void aRefreshTellsOfWhatIsNewAndWhatIsGoneAlone() {
        shop.lists(shop.list("drop", DAY, "203.0.113.1", "203.0.113.2", "2001:db8::/48"));
        var read = shop.end();
        shop.lists(shop.list("drop", DAY, "203.0.113.2", "2001:db8::/48", "198.51.100.0/24"));

        assertThat(shop.changes(read, "")).hasToString("+[198.51.100.0/24] -[203.0.113.1]");
        assertThat(shop.changes(shop.end(), "")).hasToString("+[] -[]");
        assertThat(shop.whole("")).hasToString("+[198.51.100.0/24, 2001:db8::/48, 203.0.113.2] -[203.0.113.1]");
    }

    @Test
    void aListThatIsRemovedOrRunsOutIsTakenBack() {
        shop.lists(shop.list("drop", DAY, "203.0.113.1"), shop.list("short", Duration.ofHours(1), "203.0.113.2"));
        var read = shop.end();
        shop.lists(shop.list("short", Duration.ofHours(1), "203.0.113.2"));
        assertThat(shop.changes(read, "")).hasToString("+[] -[203.0.113.1]");

        shop.later(Duration.ofHours(1));
        assertThat(shop.live("ip=203.0.113.2")).isEqualTo("null");
        shop.tick();
        assertThat(shop.changes(read, "")).hasToString("+[] -[203.0.113.1, 203.0.113.2]");
    }

    @ParameterizedTest
    @CsvSource({
        "origins=lists, '203.0.113.1, 203.0.113.2'",
        "origins=bulwark-manual, 203.0.113.3",
        "'origins=lists,bulwark-manual', '203.0.113.1, 203.0.113.2, 203.0.113.3'",
        "scenarios_containing=DROP, 203.0.113.1",
        "scenarios_not_containing=drop, '203.0.113.2, 203.0.113.3'",
        "scopes=range, ''",
    })
    void filtersAreForListsToo(String filter, String told) {
        shop.lists(shop.list("spamhaus-drop", DAY, "203.0.113.1"), shop.list("tor", DAY, "203.0.113.2"));
        shop.block("203.0.113.3", DAY);

        assertThat(shop.whole(filter)).hasToString("+[" + told + "] -[]");
        assertThat(shop.changes(0, filter)).hasToString("+[" + told + "] -[]");
        if (!filter.startsWith("scopes")) {
            assertThat(values(new JsonArray(shop.live(filter)))).hasToString("[" + told + "]");
        }
    }

    @Test
    void whomTheAllowlistServesIsInNoEntry() {
        shop.lists(shop.list("drop", DAY, "203.0.113.0/30", "198.51.100.7", "192.0.2.0/28"));
        var read = shop.end();

        shop.allow("203.0.113.2", "198.51.100.0/24");

        assertThat(shop.changes(read, ""))
                .hasToString("+[203.0.113.0/31, 203.0.113.3] -[198.51.100.7, 203.0.113.0/30]");
        assertThat(shop.live("ip=203.0.113.2")).isEqualTo("null");
        assertThat(shop.live("ip=203.0.113.3")).contains("203.0.113.3");
        shop.allowNobody();
        assertThat(shop.whole("").told()).containsExactly("192.0.2.0/28", "198.51.100.7", "203.0.113.0/30");
    }

    @Test
    void anAllowanceOfOneEndpointIsNoneForBouncersThatKnowNoEndpoints() {
        shop.lists(shop.list("drop", DAY, "203.0.113.7"));

        shop.allowAt("login", "203.0.113.7");

        assertThat(shop.live("ip=203.0.113.7")).contains("203.0.113.7");
    }

    @Test
    void addressesThatSeveralNameAreToldOnceAndTakenBackWithTheLast() {
        shop.lists(shop.list("longer", DAY.multipliedBy(2), "203.0.113.1"), shop.list("shorter", DAY, "203.0.113.1"));
        shop.block("203.0.113.1", Duration.ofHours(1));
        assertThat(shop.live("")).containsOnlyOnce("203.0.113.1").contains("\"longer\"");
        assertThat(shop.whole("").told()).containsExactly("203.0.113.1");

        var read = shop.end();
        shop.unblock("203.0.113.1");
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.1] -[]");
        assertThat(shop.changes(read, "origins=bulwark-manual")).hasToString("+[] -[203.0.113.1]");

        read = shop.end();
        shop.lists(shop.list("shorter", DAY, "203.0.113.1"));
        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.1] -[]");

        read = shop.end();
        shop.lists();
        assertThat(shop.changes(read, "")).hasToString("+[] -[203.0.113.1]");
    }

    @Test
    void aBanIsToldBeforeACaptcha() {
        shop.block("203.0.113.7", Remediation.CAPTCHA, DAY.multipliedBy(9));
        shop.block("203.0.113.8", Remediation.CAPTCHA, DAY);
        shop.lists(shop.list("drop", DAY, "203.0.113.7", "203.0.113.0/24"));

        assertThat(shop.live("ip=203.0.113.7")).doesNotContain("captcha");
        assertThat(values(new JsonArray(shop.live("ip=203.0.113.8")))).containsExactly("203.0.113.0/24", "203.0.113.8");
    }

    @Test
    void whatWasToldIsToldAnewBeforeItEndsButNotWithEveryRefresh() {
        var list = shop.list("drop", DAY, "203.0.113.1");
        shop.lists(list);
        var told = list.staleAt();
        var read = shop.end();
        var times = 0;
        for (var hour = 1; hour < 60; hour++) {
            shop.later(Duration.ofHours(1));
            if (hour % 6 == 0 && hour <= 36) { // after that its source is away
                list = shop.list("drop", DAY, "203.0.113.1");
                shop.lists(list);
            }
            shop.tick();
            if (!shop.changes(read, "").told().isEmpty()) {
                told = list.staleAt();
                times++;
            }
            read = shop.end();
            assertThat(told).as("hour %d", hour).isAfter(shop.now());
        }
        assertThat(times).isBetween(2, 4);
    }

    @Test
    void aListThatDoesNotFitIsNotHandedOutAndTheOthersAre() {
        var tooMany = IntStream.range(0, Shop.ROOM)
                .mapToObj(i -> Network.parse("198.18." + i / 256 + "." + i % 256))
                .toList();
        shop.lists(new Enforced(Shop.NAME, "b", tooMany, shop.now().plus(DAY)), shop.list("a", DAY, "203.0.113.1"));

        assertThat(shop.whole("").told()).containsExactly("203.0.113.1");
    }

    @Test
    void whoWasAwayForSoLongThatChangesAreForgottenIsToldEverything() {
        shop.lists(shop.list("drop", DAY, "203.0.113.1", "203.0.113.2"));
        var read = shop.end();
        shop.lists(shop.list("drop", DAY, "203.0.113.2", "203.0.113.3"));
        shop.ledger().forget(shop.now().plusSeconds(1).toEpochMilli());

        assertThat(shop.changes(read, "")).hasToString("+[203.0.113.2, 203.0.113.3] -[]");
        assertThat(shop.changes(shop.end(), "")).hasToString("+[] -[]");
    }
}
