package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.envoy.DescriptorTree.Match;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Descriptor;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Which rule is for each descriptor of a request, and whom it counts. */
final class Matching {
    /** Of a rule that another one of the request replaces. */
    static final Match UNRULED = new Match(DescriptorRule.unlimited("", List.of()), "", false);

    private final BiFunction<String, String, @Nullable DescriptorTree> domains;
    private final ToDoubleFunction<String> factors;

    /**
     * @param domains of an application, by name; null where one has no limits
     * @param factors of an application: how much there is of its limits
     */
    Matching(BiFunction<String, String, @Nullable DescriptorTree> domains, ToDoubleFunction<String> factors) {
        this.domains = domains;
        this.factors = factors;
    }

    /** One for each descriptor, in their order; null where no rule is for it. */
    List<@Nullable Match> of(String application, RateLimitQuery query) {
        var matches = new ArrayList<@Nullable Match>(query.descriptors().size());
        var tree = domains.apply(application, query.domain());
        var factor = factors.applyAsDouble(application);
        Set<String> replaced = Set.of();
        for (var descriptor : query.descriptors()) {
            var match = tree == null ? null : match(tree, application, query.domain(), descriptor);
            matches.add(match == null ? null : match.times(factor));
            if (match != null && !match.rule().replaces().isEmpty()) {
                replaced = replaced.isEmpty() ? new HashSet<>() : replaced;
                replaced.addAll(match.rule().replaces());
            }
        }
        return replaced.isEmpty() ? matches : without(replaced, matches);
    }

    private static List<@Nullable Match> without(Set<String> replaced, List<@Nullable Match> matches) {
        matches.replaceAll(match -> match != null
                        && match.rule().limit() != null
                        && replaced.contains(match.rule().name())
                ? UNRULED
                : match);
        return matches;
    }

    private static @Nullable Match match(
            DescriptorTree tree, String application, String domain, Descriptor descriptor) {
        var own = descriptor.limit();
        if (own == null) {
            return tree.find(descriptor.entries());
        }
        var unit = LimitUnit.of(own.unit());
        if (unit == null) {
            throw new GrpcRefusal(GrpcRefusal.INVALID_ARGUMENT, "a limit of the request has no unit");
        }
        var counted = new StringBuilder();
        descriptor.entries().forEach(entry -> DescriptorTree.count(counted, entry.key(), entry.counted()));
        var path = List.of("envoy", application, domain, "", Long.toString(own.requestsPerUnit()), unit.name());
        var keys = descriptor.entries().stream().map(Entry::key).toList();
        return new Match(
                DescriptorRule.limited(path, keys, own.requestsPerUnit(), unit, "", List.of(), false, false),
                counted.toString(),
                false);
    }
}
