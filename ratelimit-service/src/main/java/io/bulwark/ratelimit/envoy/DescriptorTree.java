package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import io.bulwark.ratelimit.limit.LimitTallies;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A domain's descriptors, found as envoyproxy/ratelimit finds them: at each level {@code key_value} exactly, then the
 * first wildcard that {@code key_value} is like, then {@code key} alone; the request's depth must be the rule's.
 */
final class DescriptorTree {
    private final Map<String, DescriptorTree> children = new HashMap<>();
    private final List<Like> wildcards = new ArrayList<>();
    private final @Nullable DescriptorRule rule;

    /** What stands for the values of all requests that share this wildcard's count; null where each has its own. */
    private final @Nullable String shared;

    DescriptorTree(@Nullable DescriptorRule rule, @Nullable String shared) {
        this.rule = rule;
        this.shared = shared;
    }

    /**
     * A rule, and whom it counts.
     *
     * @param counted the entries, in a text that no other entries have
     * @param shared whether a wildcard stands in it for some of them
     */
    record Match(DescriptorRule rule, String counted, boolean shared) {
        Match times(double factor) {
            return factor == 1 ? this : new Match(rule.times(factor), counted, shared);
        }

        /** Whether it counts this entry apart from others, and not all that are like a wildcard together. */
        boolean isApart(Entry entry) {
            if (!shared) {
                return true;
            }
            var own = new StringBuilder();
            count(own, entry.key(), entry.counted());
            return counted.contains(own);
        }
    }

    /** What is like the wildcard goes on there. */
    private record Like(Wildcard wildcard, DescriptorTree child) {}

    /** @return false where there is one of this composite key already */
    boolean add(String compositeKey, DescriptorTree child) {
        if (children.putIfAbsent(compositeKey, child) != null) {
            return false;
        }
        if (Wildcard.isOne(compositeKey)) {
            wildcards.add(new Like(Wildcard.of(compositeKey), child));
        }
        return true;
    }

    /** From now on what its limits refuse, or would, is seen in metrics. */
    void tally(LimitTallies tallies, String application, String domain) {
        if (rule != null && rule.limit() != null) {
            var limit = rule.limit();
            limit.tally(tallies.ofDomain(application, domain, limit.name()));
        }
        children.values().forEach(child -> child.tally(tallies, application, domain));
    }

    /** Null where no rule is for these entries. */
    @Nullable
    Match find(List<Entry> entries) {
        var counted = new StringBuilder();
        var shared = false;
        var level = this;
        for (var entry : entries) {
            var composite = entry.key() + "_" + entry.value();
            var next = level.children.get(composite);
            var value = entry.counted();
            if (next == null) {
                next = level.wildcard(composite);
                if (next != null && next.shared != null) {
                    value = next.shared;
                    shared = true;
                }
            }
            if (next == null) {
                next = level.children.get(entry.key());
            }
            if (next == null) {
                return null;
            }
            count(counted, entry.key(), value);
            level = next;
        }
        var found = level.rule;
        return found == null || entries.isEmpty() ? null : new Match(found, counted.toString(), shared);
    }

    /** Lengths before the texts: no two lists of entries are counted as one. */
    static void count(StringBuilder counted, String key, String value) {
        counted.append(key.length()).append(':').append(key);
        counted.append(value.length()).append(':').append(value);
    }

    private @Nullable DescriptorTree wildcard(String composite) {
        for (var like : wildcards) {
            if (like.wildcard().matches(composite)) {
                return like.child();
            }
        }
        return null;
    }
}
