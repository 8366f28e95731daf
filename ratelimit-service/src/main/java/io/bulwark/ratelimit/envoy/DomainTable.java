package io.bulwark.ratelimit.envoy;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.toUnmodifiableMap;

import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import jakarta.inject.Singleton;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Every domain that has limits, in memory: what operators put goes before what the directory's files say. */
@Singleton
class DomainTable implements RuleSet {
    private final DomainFiles files;
    private final EnvoyDomains domains;
    private final LimitTallies tallies;
    private volatile Map<String, Map<String, DescriptorTree>> byApplication = Map.of();

    DomainTable(DomainFiles files, EnvoyDomains domains, LimitTallies tallies) {
        this.files = files;
        this.domains = domains;
        this.tallies = tallies;
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

    private DescriptorTree compiled(EnvoyDomain domain) {
        var tree = DomainFile.read(domain.application(), domain.yaml()).tree();
        tree.tally(tallies, domain.application(), domain.domain());
        return tree;
    }
}
