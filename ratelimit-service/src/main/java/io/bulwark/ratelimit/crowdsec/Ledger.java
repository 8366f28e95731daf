package io.bulwark.ratelimit.crowdsec;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.blocklist.BlocklistWatcher.Enforced;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Cut;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Former;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.WeakHashMap;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * The decisions of one application and the order in which they changed. A change moves a decision to the end of the log,
 * so the log holds each one once, however often it changes; readers take no lock. Lists change as a whole, in the same order.
 */
final class Ledger {
    private static final Logger LOG = Logger.getLogger(Ledger.class);
    private static final int V6 = 33;

    /** Of one block; about 200 bytes each in the answer to a bouncer that starts. */
    private static final int MOST_PARTS = 10_000;

    private final String application;
    private final ConcurrentHashMap<Key, BouncerDecision> byKey = new ConcurrentHashMap<>();
    private final ConcurrentSkipListMap<Long, BouncerDecision> log = new ConcurrentSkipListMap<>();
    private final Map<Terms, WeakReference<Terms>> shared = new WeakHashMap<>();
    private final AtomicIntegerArray lengths = new AtomicIntegerArray(V6 + 129);
    private final AtomicIntegerArray cutLengths = new AtomicIntegerArray(V6 + 129);
    private final AtomicInteger parts = new AtomicInteger();
    private Allowed allowed = Allowed.NOBODY;
    private volatile Map<String, Subscription> subscriptions = Map.of();
    private volatile long end;

    Ledger(String application) {
        this.application = application;
    }

    /** @param terms null for those that it had, where it has ended */
    synchronized void put(Key key, @Nullable Terms terms, long until, long version, long changedAt) {
        var before = byKey.get(key);
        if (before != null && before.version() >= version) {
            return;
        }
        var its = terms != null ? shared(terms) : before != null ? before.terms() : Origins.UNKNOWN;
        var cut = cut(key, before == null ? null : before.cut());
        var former = before == null ? List.<Former>of() : before.formerOnce(its, changedAt);
        put(new BouncerDecision(application, key, its, former, until, version, end + 1, changedAt, cut));
    }

    /** Those of thousands are the same. */
    private Terms shared(Terms terms) {
        var known = shared.get(terms);
        var its = known == null ? null : known.get();
        if (its == null) {
            shared.put(terms, new WeakReference<>(terms));
            return terms;
        }
        return its;
    }

    /** From now on these are served, whatever is blocked around them. */
    synchronized void allow(Allowed clients, long now) {
        allowed = clients;
        for (var decision : byKey.values()) {
            if (decision.isActive(now)) {
                var cut = cut(decision.key(), decision.cut());
                if (!Cut.isSame(cut, decision.cut())) {
                    put(decision.cutAs(application, cut, end + 1, now));
                }
            }
        }
    }

    /**
     * What is handed out of it.
     *
     * @param before of the same
     * @return null where it is whole and bouncers hold no parts of it
     */
    private @Nullable Cut cut(Key key, @Nullable Cut before) {
        var network = key.network();
        if (network == null) {
            return null;
        }
        var whole = List.of(network);
        var left = allowed.takenFrom(whole);
        if (left.size() > MOST_PARTS) {
            left = List.of();
            if (before == null || !before.parts().isEmpty()) { // once
                LOG.warnf(
                        "The block of %s is not handed out to bouncers of %s, only enforced at /check and its kin: the allowlist"
                                + " leaves more than %d parts of it",
                        network, application, MOST_PARTS);
            }
        }
        var isWhole = left.equals(whole) && (before == null || !before.wasHandedOut());
        return isWhole ? null : Cut.of(left, before);
    }

    private void put(BouncerDecision fresh) {
        var before = byKey.get(fresh.key());
        count(fresh, 1);
        byKey.put(fresh.key(), fresh);
        // In before the old one is out: a reader under way meets it once at least.
        log.put(fresh.position(), fresh);
        if (before != null) {
            count(before, -1);
            if (before.position() != fresh.position()) {
                log.remove(before.position());
            }
        }
        end = Math.max(end, fresh.position());
    }

    /** From now on these are the lists. */
    synchronized void subscribe(List<Enforced> lists, long now) {
        var known = new HashMap<>(subscriptions);
        var held = lists.stream().collect(toMap(Enforced::name, identity()));
        var names = new TreeSet<>(known.keySet());
        names.addAll(held.keySet());
        var last = end;
        for (var name : names) {
            var list = held.get(name);
            var before = known.getOrDefault(name, Subscription.to(name));
            var after = list == null
                    ? before.replaced(List.of(), now, last + 1, now)
                    : before.replaced(list.networks(), list.staleAt().toEpochMilli(), last + 1, now);
            known.put(name, after);
            last = Math.max(last, after.position());
        }
        subscriptions = Map.copyOf(known);
        end = last; // after the change: a reader that knows this place sees what stands there
    }

    /** Forgets what ended before. */
    synchronized void forget(long endedBefore) {
        var known = new HashMap<String, Subscription>();
        subscriptions.forEach((name, list) -> known.put(name, list.forgetting(endedBefore)));
        known.values().removeIf(Subscription::isForgotten);
        subscriptions = Map.copyOf(known);
        for (var decision : log.values()) {
            if (decision.until() < endedBefore) {
                log.remove(decision.position());
                byKey.remove(decision.key());
                count(decision, -1);
            } else {
                forgetFormer(decision, endedBefore);
            }
        }
    }

    private void forgetFormer(BouncerDecision decision, long endedBefore) {
        var cut = decision.cut();
        var terms = decision.former();
        if (decision.changedAt() < endedBefore && cut != null && !cut.former().isEmpty()) {
            put(decision.forgetting(application, endedBefore, cut(decision.key(), null)));
        } else if (!terms.isEmpty() && terms.getFirst().replacedAt() < endedBefore) {
            put(decision.forgetting(application, endedBefore, cut));
        }
    }

    /** Where the log ends; read before {@link #after}, it is a place to go on from. */
    long end() {
        return end;
    }

    /** Decisions, ended ones, those of lists and parts of blocks included. */
    int size() {
        return subscriptions.values().stream()
                .mapToInt(list -> list.entries().size())
                .reduce(held(), Integer::sum);
    }

    /** The same without those of lists. */
    int held() {
        return byKey.size() + parts.get();
    }

    /** Whether several decisions may name the same addresses. */
    boolean isShared() {
        return parts.get() > 0 || !subscriptions.isEmpty();
    }

    Collection<Subscription> subscriptions() {
        return subscriptions.values();
    }

    /** That of no list; ended or not. */
    @Nullable
    BouncerDecision find(Key key) {
        return byKey.get(key);
    }

    /** That of a list's entry, or of a part of a block. */
    BouncerDecision part(Key key, Terms terms, long until) {
        return new BouncerDecision(application, key, terms, List.of(), until, 0, 0, Ledgers.NO_NEWS, null);
    }

    /**
     * That a decision, or what was handed out of it, is over.
     *
     * @param terms under which it was told
     */
    BouncerDecision over(BouncerDecision decision, Key key, Terms terms, long now) {
        return decision.key().equals(key) && decision.terms().equals(terms) && !decision.isActive(now)
                ? decision
                : part(key, terms, Math.min(decision.until(), now));
    }

    /** What has changed since, and once more what changed lately. */
    Collection<BouncerDecision> after(long position, long lately) {
        var from = position;
        for (var decision : log.headMap(position, true).descendingMap().values()) {
            if (decision.changedAt() < lately) {
                break;
            }
            from = decision.position() - 1;
        }
        return log.tailMap(from, false).values();
    }

    /**
     * How many {@link #after} and the lists have to tell, or a few more.
     *
     * @param enough where to stop counting: some number beyond it stands for all the larger ones
     */
    int changes(long position, long lately, int enough) {
        var own = 0;
        for (var decision : log.descendingMap().values()) {
            if (own > enough || decision.position() <= position && decision.changedAt() < lately) {
                break;
            }
            own += decision.mostTold();
        }
        return subscriptions.values().stream()
                .mapToInt(list -> list.changes(position, lately))
                .reduce(own, Integer::sum);
    }

    /** Every decision, ended ones included. */
    Collection<BouncerDecision> all() {
        return log.values();
    }

    /** Decisions on addresses that the whole network is part of, the most specific first. */
    List<BouncerDecision> containing(Network network) {
        return containing(network, lengths);
    }

    /** Of those the ones that are handed out in parts. */
    List<BouncerDecision> cutAround(Network network) {
        return parts.get() == 0 ? List.of() : containing(network, cutLengths);
    }

    private List<BouncerDecision> containing(Network network, AtomicIntegerArray counts) {
        var found = new ArrayList<BouncerDecision>(2);
        var family = network.isIpv6() ? V6 : 0;
        for (var length = network.prefixLength(); length >= 0; length--) {
            if (counts.get(family + length) > 0) {
                var decision = byKey.get(Key.of(network.masked(length)));
                if (decision != null) {
                    found.add(decision);
                }
            }
        }
        return found;
    }

    private void count(BouncerDecision decision, int change) {
        var network = decision.key().network();
        if (network != null) {
            var at = (network.isIpv6() ? V6 : 0) + network.prefixLength();
            lengths.addAndGet(at, change);
            if (decision.cut() != null) {
                cutLengths.addAndGet(at, change);
                parts.addAndGet(change * decision.cut().parts().size());
            }
        }
    }
}
