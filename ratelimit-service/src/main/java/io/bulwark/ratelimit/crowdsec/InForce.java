package io.bulwark.ratelimit.crowdsec;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.crowdsec.Decision.Key;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a bouncer is told of that is in force and that it asked for. Of a block and of lists that name the same addresses it is
 * one, for bouncers delete by value: a ban before a captcha, then what lasts for longest.
 */
final class InForce {
    private final Ledger ledger;
    private final Filter filter;
    private final long now;
    private final List<Subscription> lists;

    InForce(Ledger ledger, Filter filter, long now) {
        this.ledger = ledger;
        this.filter = filter;
        this.now = now;
        this.lists = ledger.subscriptions().isEmpty()
                ? List.of()
                : ledger.subscriptions().stream()
                        .filter(list -> list.until() > now && filter.accepts(list.terms()))
                        .sorted(comparingLong(Subscription::until).reversed())
                        .toList();
    }

    void forEach(Consumer<Decision> told) {
        for (var decision : ledger.all()) {
            var standing = filter.accepts(decision) ? instead(decision) : null;
            if (standing != null) {
                told.accept(standing);
            }
        }
        for (var i = 0; i < lists.size(); i++) {
            var longer = lists.subList(0, i);
            for (var network : lists.get(i).entries().networks()) {
                var key = Key.of(network);
                var isTold = accepted(key) != null
                        || longer.stream().anyMatch(list -> list.entries().contains(network));
                if (!isTold && filter.accepts(key)) {
                    told.accept(
                            ledger.listed(lists.get(i), network, lists.get(i).until()));
                }
            }
        }
    }

    /** Decisions on addresses that the whole network is part of: bans first, for some bouncers read no further. */
    List<Decision> around(Network network) {
        var found = new ArrayList<Decision>(2);
        for (var decision : ledger.containing(network)) {
            var standing = filter.accepts(decision) ? instead(decision) : null;
            if (standing != null) {
                found.add(standing);
            }
        }
        for (var list : lists) {
            for (var listed : list.entries().around(network)) {
                var key = Key.of(listed);
                var standing = found.stream().anyMatch(told -> told.key().equals(key)) ? null : of(key);
                if (standing != null) {
                    found.add(standing);
                }
            }
        }
        found.sort(comparing(decision -> !isBan(decision)));
        return found;
    }

    /** Null where nothing stands. */
    @Nullable
    Decision of(Key key) {
        var own = accepted(key);
        return own == null ? listed(key) : instead(own);
    }

    /** Itself, what stands in its stead, or null where nothing does. */
    @Nullable
    Decision instead(Decision own) {
        var listed = lists.isEmpty() ? null : listed(own.key());
        if (listed == null || !own.isActive(now)) {
            return own.isActive(now) ? own : listed;
        }
        return isBan(own) && own.until() >= listed.until() ? own : listed;
    }

    private @Nullable Decision accepted(Key key) {
        var own = ledger.find(key);
        return own != null && filter.accepts(own) ? own : null;
    }

    private @Nullable Decision listed(Key key) {
        var network = key.network();
        if (network != null && filter.accepts(key)) {
            for (var list : lists) {
                if (list.entries().contains(network)) {
                    return ledger.listed(list, network, list.until());
                }
            }
        }
        return null;
    }

    private static boolean isBan(Decision decision) {
        return decision.terms().type().equals(Remediation.BAN.word());
    }
}
