package io.bulwark.ratelimit.crowdsec;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.allowlist.Allowance;
import io.bulwark.ratelimit.blocklist.BlocklistWatcher.Enforced;
import io.bulwark.ratelimit.crowdsec.Decision.Key;
import io.bulwark.ratelimit.crowdsec.Decision.Terms;
import io.bulwark.ratelimit.prefix.Scope;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What bouncers are told of subscribed lists. */
class ListDecisionsTest {
    private static final String SHOP = "shop";
    private static final Duration DAY = Duration.ofDays(1);
    private static final int ROOM = 1_000;

    private final List<Allowance> allowances = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final CrowdSecConfig config = new Settings(Duration.ofHours(1), Duration.ZERO, 10, ROOM);
    private final Ledgers ledgers = new Ledgers(config, () -> now);
    private final ListDecisions decisions = new ListDecisions(ledgers, config, () -> now);

    private record Settings(Duration endedKept, Duration repeated, int bouncers, int listed)
            implements CrowdSecConfig {}

    @Test
    void anEntryHasTheFormOfTheOriginalsLists() throws Exception {
        lists(list("spamhaus-drop", DAY, "203.0.113.0/24"));

        assertThat(JsonObject.mapFrom(new JsonArray(live("ip=203.0.113.7")).getJsonObject(0))
                        .getMap())
                .containsEntry("origin", "lists")
                .containsEntry("scenario", "spamhaus-drop")
                .containsEntry("scope", "Range")
                .containsEntry("type", "ban")
                .containsEntry("value", "203.0.113.0/24")
                .containsEntry("duration", "24h0m0s");
        assertThat(live("ip=203.0.114.7")).isEqualTo("null");
        assertThat(live("range=203.0.113.128/25")).contains("203.0.113.0/24");
        assertThat(live("range=203.0.0.0/16")).isEqualTo("null");
        assertThat(live("range=203.0.0.0/16&contains=false")).contains("203.0.113.0/24");
        assertThat(live("value=203.0.113.0/24")).contains("203.0.113.0/24");
        assertThat(live("")).contains("203.0.113.0/24");
    }

    @Test
    void aListOfAnotherApplicationIsNotHandedOut() {
        lists(new Enforced("other", "drop", networks("203.0.113.7"), now.plus(DAY)));

        assertThat(whole("").toString()).isEqualTo("+[] -[]");
    }

    @Test
    void aRefreshTellsOfWhatIsNewAndWhatIsGoneAlone() {
        lists(list("drop", DAY, "203.0.113.1", "203.0.113.2", "2001:db8::/48"));
        var read = end();
        lists(list("drop", DAY, "203.0.113.2", "2001:db8::/48", "198.51.100.0/24"));

        assertThat(changes(read, "")).hasToString("+[198.51.100.0/24] -[203.0.113.1]");
        assertThat(changes(end(), "")).hasToString("+[] -[]");
        assertThat(whole("")).hasToString("+[198.51.100.0/24, 2001:db8::/48, 203.0.113.2] -[203.0.113.1]");
    }

    @Test
    void aListThatIsRemovedOrRunsOutIsTakenBack() {
        lists(list("drop", DAY, "203.0.113.1"), list("short", Duration.ofHours(1), "203.0.113.2"));
        var read = end();
        lists(list("short", Duration.ofHours(1), "203.0.113.2"));
        assertThat(changes(read, "")).hasToString("+[] -[203.0.113.1]");

        now = now.plus(Duration.ofHours(1));
        assertThat(live("ip=203.0.113.2")).isEqualTo("null");
        decisions.handOut();
        assertThat(changes(read, "")).hasToString("+[] -[203.0.113.1, 203.0.113.2]");
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
        lists(list("spamhaus-drop", DAY, "203.0.113.1"), list("tor", DAY, "203.0.113.2"));
        block("203.0.113.3", "ban", DAY, 1);

        assertThat(whole(filter)).hasToString("+[" + told + "] -[]");
        assertThat(changes(0, filter)).hasToString("+[" + told + "] -[]");
        if (!filter.startsWith("scopes")) {
            assertThat(values(new JsonArray(live(filter)))).hasToString("[" + told + "]");
        }
    }

    @Test
    void whomTheAllowlistServesIsInNoEntry() {
        lists(list("drop", DAY, "203.0.113.0/30", "198.51.100.7", "192.0.2.0/28"));
        var read = end();

        allow("203.0.113.2", null);
        allow("198.51.100.0/24", null);

        assertThat(changes(read, "")).hasToString("+[203.0.113.0/31, 203.0.113.3] -[198.51.100.7, 203.0.113.0/30]");
        assertThat(live("ip=203.0.113.2")).isEqualTo("null");
        assertThat(live("ip=203.0.113.3")).contains("203.0.113.3");
        decisions.readAllowances(List.of());
        assertThat(whole("").told).containsExactly("192.0.2.0/28", "198.51.100.7", "203.0.113.0/30");
    }

    @Test
    void anAllowanceOfOneEndpointIsNoneForBouncersThatKnowNoEndpoints() {
        lists(list("drop", DAY, "203.0.113.7"));

        allow("203.0.113.7", "login");

        assertThat(live("ip=203.0.113.7")).contains("203.0.113.7");
    }

    @Test
    void addressesThatSeveralNameAreToldOnceAndTakenBackWithTheLast() {
        lists(list("longer", DAY.multipliedBy(2), "203.0.113.1"), list("shorter", DAY, "203.0.113.1"));
        block("203.0.113.1", "ban", Duration.ofHours(1), 1);
        assertThat(live("")).containsOnlyOnce("203.0.113.1").contains("\"longer\"");
        assertThat(whole("").told).containsExactly("203.0.113.1");

        var read = end();
        block("203.0.113.1", null, Duration.ZERO, 2);
        assertThat(changes(read, "")).hasToString("+[203.0.113.1] -[]");
        assertThat(changes(read, "origins=bulwark-manual")).hasToString("+[] -[203.0.113.1]");

        read = end();
        lists(list("shorter", DAY, "203.0.113.1"));
        assertThat(changes(read, "")).hasToString("+[203.0.113.1] -[]");

        read = end();
        lists();
        assertThat(changes(read, "")).hasToString("+[] -[203.0.113.1]");
    }

    @Test
    void aBanIsToldBeforeACaptcha() {
        block("203.0.113.7", "captcha", DAY.multipliedBy(9), 1);
        block("203.0.113.8", "captcha", DAY, 1);
        lists(list("drop", DAY, "203.0.113.7", "203.0.113.0/24"));

        assertThat(live("ip=203.0.113.7")).doesNotContain("captcha");
        assertThat(values(new JsonArray(live("ip=203.0.113.8")))).containsExactly("203.0.113.0/24", "203.0.113.8");
    }

    @Test
    void whatWasToldIsToldAnewBeforeItEndsButNotWithEveryRefresh() {
        var list = list("drop", DAY, "203.0.113.1");
        lists(list);
        var told = list.staleAt();
        var read = end();
        var times = 0;
        for (var hour = 1; hour < 60; hour++) {
            now = now.plus(Duration.ofHours(1));
            if (hour % 6 == 0 && hour <= 36) { // after that its source is away
                list = list("drop", DAY, "203.0.113.1");
                lists(list);
            }
            decisions.handOut();
            if (!changes(read, "").told.isEmpty()) {
                told = list.staleAt();
                times++;
            }
            read = end();
            assertThat(told).as("hour %d", hour).isAfter(now);
        }
        assertThat(times).isBetween(2, 4);
    }

    @Test
    void aListThatDoesNotFitIsNotHandedOutAndTheOthersAre() {
        var tooMany = IntStream.range(0, ROOM)
                .mapToObj(i -> Network.parse("198.18." + i / 256 + "." + i % 256))
                .toList();
        lists(new Enforced(SHOP, "b", tooMany, now.plus(DAY)), list("a", DAY, "203.0.113.1"));

        assertThat(whole("").told).containsExactly("203.0.113.1");
    }

    @Test
    void whoWasAwayForSoLongThatChangesAreForgottenIsToldEverything() {
        lists(list("drop", DAY, "203.0.113.1", "203.0.113.2"));
        var read = end();
        lists(list("drop", DAY, "203.0.113.2", "203.0.113.3"));
        ledgers.of(SHOP).forget(now.plusSeconds(1).toEpochMilli());

        assertThat(changes(read, "")).hasToString("+[203.0.113.2, 203.0.113.3] -[]");
        assertThat(changes(end(), "")).hasToString("+[] -[]");
    }

    private void lists(Enforced... lists) {
        decisions.readLists(List.of(lists));
    }

    private Enforced list(String name, Duration expiry, String... networks) {
        return new Enforced(SHOP, name, networks(networks), now.plus(expiry));
    }

    private static List<Network> networks(String... texts) {
        return List.of(texts).stream().map(Network::parse).toList();
    }

    private void allow(String target, String endpoint) {
        allowances.add(new Allowance(
                UUID.randomUUID(), Network.parse(target), new Scope(SHOP, endpoint), "test", "test", now, null));
        decisions.readAllowances(List.copyOf(allowances));
    }

    private void block(String target, String type, Duration duration, long version) {
        ledgers.of(SHOP)
                .put(
                        Key.of(Network.parse(target)),
                        type == null ? null : new Terms("bulwark-manual", "manual", type),
                        now.plus(duration).toEpochMilli(),
                        version,
                        now.toEpochMilli());
    }

    private long end() {
        return ledgers.of(SHOP).end();
    }

    private String live(String query) {
        try {
            return Answers.decisions(ledgers.of(SHOP), Filter.ofQuery(parameters(query)), now.toEpochMilli())
                    .toString();
        } catch (Filter.Unfilterable e) {
            throw new AssertionError(e);
        }
    }

    private Told whole(String query) {
        return Told.of(Answers.whole(ledgers.of(SHOP), Filter.ofStream(parameters(query)), now.toEpochMilli())
                .toString());
    }

    private Told changes(long read, String query) {
        return Told.of(Answers.stream(
                        ledgers.of(SHOP), read, Long.MAX_VALUE, Filter.ofStream(parameters(query)), now.toEpochMilli())
                .toString());
    }

    private record Told(List<String> told, List<String> takenBack) {
        static Told of(String json) {
            var stream = new JsonObject(json);
            return new Told(values(stream.getJsonArray("new")), values(stream.getJsonArray("deleted")));
        }

        @Override
        public String toString() {
            return "+" + told + " -" + takenBack;
        }
    }

    private static List<String> values(JsonArray decisions) {
        return decisions == null
                ? List.of()
                : decisions.stream()
                        .map(decision -> ((JsonObject) decision).getString("value"))
                        .sorted()
                        .toList();
    }

    private static MultiMap parameters(String query) {
        var parameters = MultiMap.caseInsensitiveMultiMap();
        for (var pair : query.split("&")) {
            var equals = pair.indexOf('=');
            if (equals > 0) {
                parameters.add(pair.substring(0, equals), pair.substring(equals + 1));
            }
        }
        return parameters;
    }
}
