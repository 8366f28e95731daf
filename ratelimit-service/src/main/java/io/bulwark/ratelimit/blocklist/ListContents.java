package io.bulwark.ratelimit.blocklist;

import static java.util.stream.Collectors.toMap;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.blocklist.BlocklistWatcher.Enforced;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.bulwark.ratelimit.prefix.Scope;
import io.bulwark.ratelimit.prefix.ScopeNumbers;
import java.time.Instant;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Lists as they were read together: those in force in one table, each in shadow mode in one of its own. */
final class ListContents {
    private final Map<Key, Held> held;
    private final ScopeNumbers scopes;
    private final PrefixTable enforced;
    private final Map<Key, PrefixTable> shadows;

    private ListContents(
            Map<Key, Held> held, ScopeNumbers scopes, PrefixTable enforced, Map<Key, PrefixTable> shadows) {
        this.held = held;
        this.scopes = scopes;
        this.enforced = enforced;
        this.shadows = shadows;
    }

    record Key(String application, String name) {
        static Key of(Blocklist list) {
            return new Key(list.application(), list.name());
        }
    }

    /** A list as it is in memory. */
    record Held(Blocklist list, NetworkList networks) {
        /** Until when it holds; null where it was never fetched. */
        @Nullable
        Instant staleAt() {
            return list.staleAt();
        }

        boolean isEnforced() {
            return staleAt() != null && !list.settings().shadow();
        }

        boolean isShadow() {
            return staleAt() != null && list.settings().shadow();
        }

        Enforced enforced() {
            return new Enforced(
                    list.application(), list.name(), networks.networks(), Objects.requireNonNull(staleAt()));
        }

        /** Whether it is the other one as its source said once more that it is, so that it only holds for longer. */
        boolean renews(@Nullable Held other) {
            return other != null
                    && networks.equals(other.networks)
                    && isEnforced() == other.isEnforced()
                    && isShadow() == other.isShadow()
                    && (staleAt() == null || !staleAt().isBefore(other.staleAt()));
        }
    }

    static ListContents none() {
        return new ListContents(Map.of(), new ScopeNumbers(), new PrefixTable(), Map.of());
    }

    /** These lists, in the same tables where they only hold for longer: most fetches find a list as it was. */
    ListContents replacedBy(Map<Key, Held> lists) {
        var same = lists.keySet().equals(held.keySet())
                && lists.entrySet().stream().allMatch(list -> list.getValue().renews(held.get(list.getKey())));
        var replacing = same
                ? new ListContents(lists, scopes, enforced, shadows)
                : new ListContents(lists, new ScopeNumbers(), new PrefixTable(enforced.size()), emptyTables(lists));
        lists.forEach((key, list) -> {
            if (!same || !Objects.equals(list.staleAt(), held.get(key).staleAt())) {
                replacing.put(key, list);
            }
        });
        return replacing;
    }

    private static Map<Key, PrefixTable> emptyTables(Map<Key, Held> lists) {
        return lists.entrySet().stream()
                .filter(list -> list.getValue().isShadow())
                .collect(toMap(
                        Map.Entry::getKey,
                        list -> new PrefixTable(
                                list.getValue().networks().networks().size())));
    }

    private void put(Key key, Held list) {
        var staleAt = list.staleAt();
        if (staleAt == null) {
            return;
        }
        var table = list.isShadow() ? shadows.get(key) : enforced;
        var scope = list.isShadow() ? ShadowHits.SCOPE : scopes.number(Scope.everything(key.application()));
        var until = staleAt.toEpochMilli();
        // of several lists the one that holds for longest counts
        list.networks().networks().forEach(network -> table.put(network, scope, until, until));
    }

    Collection<Held> lists() {
        return held.values();
    }

    @Nullable
    Held find(Blocklist list) {
        return held.get(Key.of(list));
    }

    /** Networks of the lists in force, each once. */
    int size() {
        return enforced.size();
    }

    /** In milliseconds since 1970; {@link PrefixTable#NONE} where no list in force names the address. */
    long listedUntil(Network address, String application, long nowMillis) {
        var numbers = scopes.of(application);
        return numbers == null
                ? PrefixTable.NONE
                : enforced.latest(address, numbers.everything(), PrefixTable.NO_SCOPE, nowMillis);
    }

    List<ShadowHits.Shadow> shadows() {
        return shadows.entrySet().stream()
                .map(shadow -> new ShadowHits.Shadow(
                        shadow.getKey().application(), shadow.getKey().name(), shadow.getValue()))
                .toList();
    }
}
