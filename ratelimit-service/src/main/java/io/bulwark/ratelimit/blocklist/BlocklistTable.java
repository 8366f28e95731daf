package io.bulwark.ratelimit.blocklist;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.blocklist.ListContents.Held;
import io.bulwark.ratelimit.blocklist.ListContents.Key;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
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
    private volatile ListContents contents = ListContents.none();

    BlocklistTable(
            Blocklists lists, ShadowHits shadowHits, @All List<BlocklistWatcher> watchers, MeterRegistry metrics) {
        this.lists = lists;
        this.shadowHits = shadowHits;
        this.watchers = watchers;
        Gauge.builder("ratelimit.blocklist.entries", this, table -> table.contents.size())
                .description("Networks of subscribed lists in memory, each once")
                .register(metrics);
    }

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
        var before = contents;
        var held = new HashMap<Key, Held>();
        for (var list : lists.all()) {
            held.put(Key.of(list), new Held(list, networks(list, before.find(list))));
        }
        var now = before.replacedBy(held);
        shadowHits.replace(now.shadows());
        contents = now;
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
        var until = contents.listedUntil(address, application, nowMillis);
        if (until == NOT_LISTED) {
            shadowHits.count(address, application, nowMillis);
        }
        return until;
    }

    /** Which lists name the address, stale ones left out. Reads through all of them: for people, not for decisions. */
    public List<Listing> listings(Network address, String application, Instant now) {
        return contents.lists().stream()
                .filter(one -> one.list().application().equals(application)
                        && one.staleAt() != null
                        && one.staleAt().isAfter(now))
                .flatMap(one -> one.networks().networks().stream()
                        .filter(network -> network.contains(address))
                        .map(network -> new Listing(
                                one.list().name(),
                                one.list().settings().url(),
                                network,
                                one.list().settings().shadow(),
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
}
