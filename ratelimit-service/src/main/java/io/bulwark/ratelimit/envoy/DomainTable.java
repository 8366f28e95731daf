package io.bulwark.ratelimit.envoy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.envoy.DescriptorTree.Match;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import jakarta.inject.Singleton;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Every domain that has limits, in memory: what operators put goes before what the directory's files say. */
@Singleton
public class DomainTable implements RuleSet {
    private final DomainFiles files;
    private final EnvoyDomains domains;
    private final LimitTallies tallies;
    private final Limits limits;
    private volatile Map<String, Map<String, DescriptorTree>> byApplication = Map.of();

    DomainTable(DomainFiles files, EnvoyDomains domains, LimitTallies tallies, Limits limits) {
        this.files = files;
        this.domains = domains;
        this.tallies = tallies;
        this.limits = limits;
    }

    @Override
    public RuleKind kind() {
        return RuleKind.ENVOY_DOMAIN;
    }

    @Override
    public void reload() {
        byApplication = domains.all().stream()
                .collect(groupingBy(EnvoyDomain::application, toUnmodifiableMap(EnvoyDomain::domain, this::compiled)));
    }

    /** Null where the domain has no limits for this application. */
    @Nullable
    DescriptorTree find(String application, String domain) {
        var put = byApplication.getOrDefault(application, Map.of()).get(domain);
        return put == null ? files.find(application, domain) : put;
    }

    /**
     * What an address has left of the limits that count it as {@code remote_address} and by nothing else. Of others too much
     * is unknown.
     *
     * @param factor how much there is of each
     */
    public List<DomainLimitState> states(Network client, String application, double factor) {
        var address = List.of(Entry.remote(client));
        var trees = new TreeMap<>(files.all(application));
        trees.putAll(byApplication.getOrDefault(application, Map.of()));
        var states = new ArrayList<DomainLimitState>();
        trees.forEach((domain, tree) -> {
            var match = tree.find(address);
            if (match != null && match.rule().limit() != null) {
                states.add(state(domain, match.times(factor)));
            }
        });
        return states;
    }

    private DomainLimitState state(String domain, Match match) {
        var rule = match.rule();
        var limit = rule.limit();
        var claims = new Claims();
        var claim = claims.add(limit, limits.key(limit, match.counted()), 0);
        limits.consume(claims);
        return new DomainLimitState(
                domain,
                rule.shown(),
                limit.quota(),
                claim.remaining(),
                Math.ceilDiv(claim.resetNanos(), TimeUnit.SECONDS.toNanos(1)),
                limit.shadow(),
                claim.remaining() < 1);
    }

    private DescriptorTree compiled(EnvoyDomain domain) {
        var tree = DomainFile.read(domain.application(), domain.yaml()).tree();
        tree.tally(tallies, domain.application(), domain.domain());
        return tree;
    }
}
