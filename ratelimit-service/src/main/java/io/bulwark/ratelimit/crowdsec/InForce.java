package io.bulwark.ratelimit.crowdsec;

import static java.util.Comparator.comparing;
import static java.util.Comparator.comparingLong;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.block.Remediation;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * What a bouncer is told of that is in force and that it asked for. Of blocks, parts of blocks and lists that name the same
 * addresses it is one, for bouncers delete by value: a ban before a captcha, then what lasts for longest.
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

    void forEach(Consumer<BouncerDecision> told) {
        var parts = new HashSet<Key>();
        for (var decision : ledger.all()) {
            if (filter.accepts(decision.terms())) {
                for (var key : decision.handedOut()) {
                    var isNext = decision.cut() == null || !isWhole(key) && parts.add(key);
                    if (isNext && filter.accepts(key)) {
                        tell(of(key), told);
                    }
                }
            }
        }
        for (var i = 0; i < lists.size(); i++) {
            var list = lists.get(i);
            var longer = lists.subList(0, i);
            for (var network : list.entries().networks()) {
                var key = Key.of(network);
                var isTold = isWhole(key)
                        || parts.contains(key)
                        || longer.stream().anyMatch(other -> other.entries().contains(network));
                if (!isTold && filter.accepts(key)) {
                    told.accept(ledger.part(key, list.terms(), list.until()));
                }
            }
        }
    }

    /** Decisions on addresses that the whole network is part of: bans first, for some bouncers read no further. */
    List<BouncerDecision> around(Network network) {
        var keys = new LinkedHashSet<Key>();
        for (var decision : ledger.containing(network)) {
            if (filter.accepts(decision.terms())) {
                keys.addAll(decision.handedOutAround(network));
            }
        }
        for (var list : lists) {
            list.entries().around(network).forEach(listed -> keys.add(Key.of(listed)));
        }
        var found = new ArrayList<BouncerDecision>(keys.size());
        for (var key : keys) {
            if (filter.accepts(key)) {
                tell(of(key), found::add);
            }
        }
        found.sort(comparing(decision -> !isBan(decision)));
        return found;
    }

    /**
     * What stands for these addresses; null where nothing does.
     *
     * @param key one that the filter accepts
     */
    @Nullable
    BouncerDecision of(Key key) {
        var own = ledger.find(key);
        var standing = own != null && stands(own, key) ? own : null;
        var network = key.network();
        if (network == null) {
            return standing;
        }
        for (var cut : ledger.cutAround(network)) {
            if (!cut.key().equals(key) && stands(cut, key)) {
                standing = stronger(standing, ledger.part(key, cut.terms(), cut.until()));
            }
        }
        for (var list : lists) {
            if (list.entries().contains(network)) {
                return stronger(standing, ledger.part(key, list.terms(), list.until()));
            }
        }
        return standing;
    }

    private boolean stands(BouncerDecision decision, Key key) {
        return decision.isActive(now) && filter.accepts(decision.terms()) && decision.isHandedOutAs(key);
    }

    private boolean isWhole(Key key) {
        var own = ledger.find(key);
        return own != null && own.cut() == null && filter.accepts(own.terms());
    }

    private static void tell(@Nullable BouncerDecision standing, Consumer<BouncerDecision> told) {
        if (standing != null) {
            told.accept(standing);
        }
    }

    private static BouncerDecision stronger(@Nullable BouncerDecision one, BouncerDecision other) {
        if (one == null || isBan(one) != isBan(other)) {
            return one != null && isBan(one) ? one : other;
        }
        return one.until() >= other.until() ? one : other;
    }

    private static boolean isBan(BouncerDecision decision) {
        return decision.terms().type().equals(Remediation.BAN.word());
    }
}
