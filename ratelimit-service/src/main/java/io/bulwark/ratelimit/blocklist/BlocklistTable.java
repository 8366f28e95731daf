package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.prefix.ScopeNumbers;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What the lists hold, in memory, for decisions. A lookup costs the same however many lists and entries there are. An entry
 * holds until its list is stale, whether or not somebody tells of that.
 */
@Singleton
public class BlocklistTable implements RuleSet {
    /** What {@link #listedUntil} says of somebody whom no list names. */
    public static final long NOT_LISTED = PrefixTable.NONE;

    private final Blocklists lists;
    private final ShadowHits shadowHits;
    private final List<BlocklistWatcher> watchers;
    private volatile Contents contents = new Contents(new ScopeNumbers(), new PrefixTable(), Map.of());

    BlocklistTable(
            Blocklists lists, ShadowHits shadowHits, @All List<BlocklistWatcher> watchers, MeterRegistry metrics) {
        this.lists = lists;
        this.shadowHits = shadowHits;
        this.watchers = watchers;
        Gauge.builder(
                        "ratelimit.blocklist.entries",
                        this,
                        table -> table.contents.enforced().size())
                .description("Networks of subscribed lists in memory, each once")
                .register(metrics);
    }

    /**
     * A list as it is in memory.
     *
     * @param staleAt until when it holds; null where it was never fetched
     */
    private record Held(
            Blocklist list, NetworkList networks, @Nullable Instant staleAt) {
        boolean isEnforced() {
            return !list.terms().shadow() && staleAt != null;
        }

        BlocklistWatcher.Enforced enforced() {
            return new BlocklistWatcher.Enforced(
                    list.application(), list.name(), networks.networks(), Objects.requireNonNull(staleAt));
        }
    }

    private record Key(String application, String name) {}

    private record Contents(ScopeNumbers scopes, PrefixTable enforced, Map<Key, Held> held) {}

    /**
     * A list that names an address.
     *
     * @param network the entry that the address is in
     * @param shadow whether it is only counted
     */
    public record Listing(String list, String url, Network network, boolean shadow, Instant fetchedAt, Instant until) {}

    @Override
    public RuleKind kind() {
        return RuleKind.BLOCKLIST;
    }

    @Override
    public void reload() {
        var before = contents.held();
        var held = new HashMap<Key, Held>();
        for (var list : lists.all()) {
            var key = new Key(list.application(), list.name());
            held.put(key, new Held(list, networks(list, before.get(key)), list.staleAt()));
        }
        var scopes = new ScopeNumbers();
        var enforced = new PrefixTable();
        for (var one : held.values()) {
            if (one.isEnforced()) {
                fill(enforced, scopes.number(Scope.everything(one.list().application())), one);
            }
        }
        shadowHits.replace(held.values().stream()
                .filter(one -> one.list().terms().shadow() && one.staleAt() != null)
                .map(BlocklistTable::shadow)
                .toList());
        contents = new Contents(scopes, enforced, held);
        var told = held.values().stream()
                .filter(Held::isEnforced)
                .map(Held::enforced)
                .toList();
        watchers.forEach(watcher -> watcher.readLists(told));
    }

    /**
     * Until when a list refuses the address. One that no list in force refuses is counted where one in shadow mode would.
     *
     * @return milliseconds since 1970; {@link #NOT_LISTED} where none does
     */
    public long listedUntil(Network address, String application, long nowMillis) {
        var now = contents;
        var numbers = now.scopes().of(application);
        var until = numbers == null
                ? NOT_LISTED
                : now.enforced().latest(address, numbers.everything(), PrefixTable.NO_SCOPE, nowMillis);
        if (until == NOT_LISTED) {
            shadowHits.count(address, application, nowMillis);
        }
        return until;
    }

    /** Which lists name the address, stale ones left out. Reads through all of them: for people, not for decisions. */
    public List<Listing> listings(Network address, String application, Instant now) {
        return contents.held().values().stream()
                .filter(one -> one.list().application().equals(application)
                        && one.staleAt() != null
                        && one.staleAt().isAfter(now))
                .flatMap(one -> one.networks().networks().stream()
                        .filter(network -> network.contains(address))
                        .map(network -> new Listing(
                                one.list().name(),
                                one.list().terms().url(),
                                network,
                                one.list().terms().shadow(),
                                Objects.requireNonNull(one.list().progress().fetchedAt()),
                                one.staleAt())))
                .toList();
    }

    private NetworkList networks(Blocklist list, @Nullable Held before) {
        var same = before != null
                && Objects.equals(
                        before.list().progress().sha256(), list.progress().sha256());
        return same ? before.networks() : lists.networks(list.application(), list.name());
    }

    private static ShadowHits.Shadow shadow(Held held) {
        var table = new PrefixTable();
        fill(table, ShadowHits.SCOPE, held);
        return new ShadowHits.Shadow(held.list().application(), held.list().name(), table);
    }

    private static void fill(PrefixTable table, int scope, Held held) {
        var until = Objects.requireNonNull(held.staleAt()).toEpochMilli();
        // of several lists the one that holds for longest counts
        held.networks().networks().forEach(network -> table.put(network, scope, until, until));
    }
}
