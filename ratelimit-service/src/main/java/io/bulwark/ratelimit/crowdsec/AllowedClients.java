package io.bulwark.ratelimit.crowdsec;

import static java.util.stream.Collectors.groupingBy;
import static java.util.stream.Collectors.mapping;
import static java.util.stream.Collectors.toSet;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.allowlist.AllowWatcher;
import io.bulwark.ratelimit.allowlist.Allowance;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Keeps whom an application's allowlist serves at every endpoint out of what its bouncers are handed. */
@ApplicationScoped
class AllowedClients implements AllowWatcher {
    private final Ledgers ledgers;
    private final ListDecisions lists;
    private Map<String, Set<Network>> known = Map.of();

    AllowedClients(Ledgers ledgers, ListDecisions lists) {
        this.ledgers = ledgers;
        this.lists = lists;
    }

    @Override
    public synchronized void readAllowances(List<Allowance> inForce) {
        var before = known;
        known = inForce.stream()
                .filter(allowance -> allowance.scope().endpoint() == null)
                .collect(groupingBy(allowance -> allowance.scope().application(), mapping(Allowance::target, toSet())));
        var applications = new HashSet<>(before.keySet());
        applications.addAll(known.keySet());
        var changed = new HashMap<String, Allowed>();
        for (var application : applications) {
            var clients = known.getOrDefault(application, Set.of());
            if (!clients.equals(before.get(application))) {
                changed.put(application, new Allowed(clients));
            }
        }
        if (!changed.isEmpty()) {
            ledgers.allow(changed);
            lists.allow(changed);
        }
    }
}
