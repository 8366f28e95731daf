package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.net.Network;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A subscribed list as bouncers are told of it, and how it changed lately. No object for each entry but its network, which the
 * table of decisions holds as well: lists are long.
 *
 * @param until when its entries end, in milliseconds
 * @param toldUntil what a bouncer that follows was told at least
 * @param changes the latest, oldest first
 * @param forgotten the place in the log from which on the changes are known; whoever read less is told everything
 */
record Subscription(Terms terms, Entries entries, long until, long toldUntil, List<Change> changes, long forgotten) {
    /** Networks of changes that are kept; the latest change is, however large. */
    private static final int MOST_CHANGED = 100_000;

    /**
     * What changed at a place in the log.
     *
     * @param added null where all of them end at another time than was told
     * @param at in milliseconds
     */
    record Change(long position, long at, @Nullable List<Network> added, List<Network> removed) {
        boolean isToTell(long read, long lately) {
            return position > read || at >= lately;
        }

        int size() {
            return (added == null ? 0 : added.size()) + removed.size();
        }
    }

    /** Of a list that nobody was told of. */
    static Subscription to(String list) {
        return new Subscription(Origins.ofList(list), Entries.NONE, 0, 0, List.of(), 0);
    }

    /**
     * What it is from now on; without a change where bouncers need not be told.
     *
     * @param holding each once; nothing where the list is gone
     * @param position where a change stands in the log
     */
    Subscription replaced(List<Network> holding, long newUntil, long position, long now) {
        var held = newUntil > now ? Entries.of(holding) : Entries.NONE;
        if (held.isSame(entries)) {
            var same = new Subscription(terms, entries, newUntil, toldUntil, changes, forgotten);
            return same.needsRenewal(now)
                    ? same.with(entries, newUntil, new Change(position, now, null, List.of()))
                    : same;
        }
        var change = new Change(position, now, held.without(entries), entries.without(held));
        var next = new Subscription(terms, held, newUntil, toldUntil, changes, forgotten);
        return next.with(held, entries.isEmpty() ? newUntil : toldUntil, change);
    }

    /** Where it changed last. */
    long position() {
        return changes.isEmpty() ? forgotten : changes.getLast().position();
    }

    /** Without changes of earlier than that. */
    Subscription forgetting(long before) {
        var kept = new ArrayList<>(changes);
        var known = forgotten;
        while (!kept.isEmpty() && kept.getFirst().at() < before) {
            known = kept.removeFirst().position();
        }
        return new Subscription(terms, entries, until, toldUntil, List.copyOf(kept), known);
    }

    boolean isForgotten() {
        return entries.isEmpty() && changes.isEmpty();
    }

    /** What a bouncer is told that has read so far, ended ones among it; changes since {@code lately} once more. */
    List<Network> changed(long position, long lately) {
        var changed = new ArrayList<Network>();
        var all = isAllToTell(position);
        if (all) {
            changed.addAll(entries.networks());
        }
        for (var change : changes) {
            if (change.isToTell(position, lately)) {
                if (!all && change.added() != null) {
                    changed.addAll(change.added());
                }
                changed.addAll(change.removed());
            }
        }
        return changed;
    }

    /** How many those are, or a few more. */
    int changes(long position, long lately) {
        return changes.stream()
                .filter(change -> change.isToTell(position, lately))
                .mapToInt(Change::size)
                .reduce(isAllToTell(position) ? entries.size() : 0, Integer::sum);
    }

    private boolean isAllToTell(long position) {
        return position < forgotten
                || position == Bouncers.NOWHERE
                || changes.stream().anyMatch(change -> change.position() > position && change.added() == null);
    }

    /** A bouncer ends a decision by what it was told last: well before that it is told anew. */
    private boolean needsRenewal(long now) {
        return !entries.isEmpty() && (until < toldUntil || toldUntil - now < (until - now) / 2);
    }

    private Subscription with(Entries held, long told, Change change) {
        var kept = new ArrayList<>(changes);
        kept.add(change);
        var size = kept.stream().mapToInt(Change::size).sum();
        var known = forgotten;
        while (size > MOST_CHANGED && kept.size() > 1) {
            var oldest = kept.removeFirst();
            size -= oldest.size();
            known = oldest.position();
        }
        return new Subscription(terms, held, until, told, List.copyOf(kept), known);
    }
}
