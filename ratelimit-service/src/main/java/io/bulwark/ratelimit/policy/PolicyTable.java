package io.bulwark.ratelimit.policy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.limit.Resets;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import jakarta.inject.Singleton;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Every policy, in memory, for decisions. */
@Singleton
public class PolicyTable implements RuleSet {
    private final Policies policies;
    private final Limits limits;
    private final LimitTallies tallies;
    private final Resets resets;
    private volatile Map<String, Map<String, EndpointPolicy>> byApplication = Map.of();
    private volatile boolean read;

    PolicyTable(Policies policies, Limits limits, LimitTallies tallies, Resets resets) {
        this.policies = policies;
        this.limits = limits;
        this.tallies = tallies;
        this.resets = resets;
    }

    @Override
    public RuleKind kind() {
        return RuleKind.POLICY;
    }

    @Override
    public void reload() {
        byApplication = policies.all().stream()
                .collect(groupingBy(
                        Policy::application,
                        toUnmodifiableMap(
                                Policy::endpoint,
                                policy -> new EndpointPolicy(
                                        policy.application(), policy.endpoint(), policy.rule(), tallies))));
        read = true;
        limits.keepLogs(byApplication.values().stream()
                .flatMap(endpoints -> endpoints.values().stream())
                .flatMap(EndpointPolicy::limits)
                .toList());
    }

    /**
     * The policy that is in force; null where there is none.
     *
     * @param endpoint null where the request names none
     */
    public @Nullable EndpointPolicy find(String application, @Nullable String endpoint) {
        var ofApplication = byApplication.get(application);
        if (ofApplication == null) {
            return null;
        }
        var own = endpoint == null ? null : ofApplication.get(endpoint);
        return own == null ? ofApplication.get(Policy.ANY_ENDPOINT) : own;
    }

    /**
     * What is said of requests about which nobody can decide; null where no policy says. Before the policies have been read,
     * any endpoint may be one that is closed then.
     */
    public @Nullable FailMode failMode(String application, @Nullable String endpoint) {
        if (!read) {
            return FailMode.CLOSED;
        }
        var policy = find(application, endpoint);
        return policy == null ? null : policy.failMode();
    }

    /**
     * What an address has left of every limit of an application; of those that count by more, what a request without that
     * has.
     *
     * @param factor above 0; how much of every limit there is
     */
    public List<LimitState> states(Network client, String application, double factor) {
        return byApplication.getOrDefault(application, Map.of()).values().stream()
                .flatMap(policy -> policy.times(factor).states(limits, client))
                .sorted(Comparator.comparing(LimitState::endpoint))
                .toList();
    }

    /** The limit that would refuse a request of which no more is known than the address; empty where none would. */
    public Optional<LimitState> refusing(Network client, String application, @Nullable String endpoint, double factor) {
        var policy = find(application, endpoint);
        return policy == null
                ? Optional.empty()
                : policy.times(factor)
                        .states(limits, client)
                        .filter(LimitState::refuses)
                        .findFirst();
    }

    /**
     * Gives back the limits of an application that count by no more than this, and says which.
     *
     * @param client null where no address is known
     */
    List<GivenBack> reset(String application, @Nullable Network client, Descriptors request) {
        return byApplication.getOrDefault(application, Map.of()).values().stream()
                .flatMap(policy -> policy.reset(limits, resets, client, request))
                .sorted(Comparator.comparing(GivenBack::endpoint).thenComparing(GivenBack::name))
                .toList();
    }
}
