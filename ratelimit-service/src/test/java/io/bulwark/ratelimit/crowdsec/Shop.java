package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.allowlist.Allowance;
import io.bulwark.ratelimit.block.KnownBlock;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.blocklist.BlocklistWatcher.Enforced;
import io.bulwark.ratelimit.prefix.Scope;
import io.vertx.core.MultiMap;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** What an application's bouncers are told of its blocks, lists and allowlist, without HTTP and with a clock of its own. */
final class Shop {
    static final String NAME = "shop";
    static final Duration DAY = Duration.ofDays(1);
    static final int ROOM = 1_000;

    private final List<Allowance> allowances = new ArrayList<>();
    private Instant now = Instant.parse("2026-11-24T12:00:00Z");
    private final CrowdSecConfig config = config();
    private final Ledgers ledgers = new Ledgers(config, () -> now);
    private final ListDecisions decisions = new ListDecisions(ledgers, config, () -> now);
    private final AllowedClients allowed = new AllowedClients(ledgers, decisions);
    private long version;

    private record Settings(Duration endedKept, Duration repeated, int bouncers, int listed)
            implements CrowdSecConfig {}

    static CrowdSecConfig config() {
        return new Settings(Duration.ofHours(1), Duration.ZERO, 10, ROOM);
    }

    Instant now() {
        return now;
    }

    void later(Duration time) {
        now = now.plus(time);
    }

    /** What the service does every now and then. */
    void tick() {
        decisions.handOut();
        ledgers.forgetEnded();
    }

    void lists(Enforced... lists) {
        decisions.readLists(List.of(lists));
    }

    Enforced list(String name, Duration expiry, String... networks) {
        return new Enforced(NAME, name, networks(networks), now.plus(expiry));
    }

    static List<Network> networks(String... texts) {
        return List.of(texts).stream().map(Network::parse).toList();
    }

    void allow(String... targets) {
        allowAt(null, targets);
    }

    /** @param endpoint null for all of them */
    void allowAt(String endpoint, String... targets) {
        var scope = new Scope(NAME, endpoint);
        networks(targets)
                .forEach(target ->
                        allowances.add(new Allowance(UUID.randomUUID(), target, scope, "test", "test", now, null)));
        allowed.readAllowances(List.copyOf(allowances));
    }

    void allowNobody() {
        allowances.clear();
        allowed.readAllowances(List.of());
    }

    void block(String target, Duration duration) {
        block(target, Remediation.BAN, duration);
    }

    void block(String target, Remediation remediation, Duration duration) {
        block(target, null, remediation, duration);
    }

    /** As a detection policy does. */
    void detect(String target, String policy, Duration duration) {
        block(target, policy, Remediation.BAN, duration);
    }

    private void block(String target, String policy, Remediation remediation, Duration duration) {
        ledgers.changed(known(target, policy, remediation, duration));
    }

    /** What a person blocked while it could not be followed. */
    void load(String target, Duration duration) {
        ledgers.loaded(known(target, null, Remediation.BAN, duration));
    }

    private KnownBlock known(String target, String policy, Remediation remediation, Duration duration) {
        return new KnownBlock(
                Network.parse(target),
                Scope.everything(NAME),
                "test",
                policy,
                remediation,
                now.plus(duration),
                ++version);
    }

    void unblock(String target) {
        block(target, Duration.ZERO);
    }

    /** Where a bouncer is that has read everything. */
    long end() {
        return ledger().end();
    }

    Ledger ledger() {
        return ledgers.of(NAME);
    }

    /** What a bouncer in live mode is answered. */
    String live(String query) {
        try {
            return BouncerJson.decisions(ledger(), Filter.ofQuery(parameters(query)), now.toEpochMilli())
                    .toString();
        } catch (Filter.Unfilterable e) {
            throw new AssertionError(e);
        }
    }

    /** What a bouncer that starts is told. */
    Told whole(String query) {
        return Told.of(BouncerJson.whole(ledger(), Filter.ofStream(parameters(query)), now.toEpochMilli())
                .toString());
    }

    /** What a bouncer that follows is told. */
    Told changes(long read, String query) {
        return Told.of(stream(read, query));
    }

    String stream(long read, String query) {
        return BouncerJson.stream(
                        ledger(), read, Long.MAX_VALUE, Filter.ofStream(parameters(query)), now.toEpochMilli())
                .toString();
    }

    /** The values, in alphabetical order; {@code +[new] -[deleted]}. */
    record Told(List<String> told, List<String> takenBack) {
        static Told of(String json) {
            var stream = new JsonObject(json);
            return new Told(values(stream.getJsonArray("new")), values(stream.getJsonArray("deleted")));
        }

        @Override
        public String toString() {
            return "+" + told + " -" + takenBack;
        }
    }

    static List<String> values(JsonArray decisions) {
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
