package io.bulwark.ratelimit.allowlist;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.prefix.PrefixTable;
import io.bulwark.ratelimit.prefix.ScopeNumbers;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import io.quarkus.arc.All;
import jakarta.inject.Singleton;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The allowlist, in memory, for decisions. An allowance ends by the clock, whether or not somebody tells. */
@Singleton
public class AllowTable implements RuleSet {
    private final Allowances allowances;
    private final List<AllowWatcher> watchers;
    private final InstantSource clock;
    private volatile Snapshot snapshot = new Snapshot(List.of());

    AllowTable(Allowances allowances, @All List<AllowWatcher> watchers, InstantSource clock) {
        this.allowances = allowances;
        this.watchers = watchers;
        this.clock = clock;
    }

    /** As they were read together. */
    private static final class Snapshot {
        private final List<Allowance> all;
        private final PrefixTable table = new PrefixTable();
        private final ScopeNumbers scopes = new ScopeNumbers();

        Snapshot(List<Allowance> all) {
            this.all = all;
            for (var allowance : all) {
                var until = allowance.until();
                table.put(
                        allowance.target(),
                        scopes.number(allowance.scope()),
                        until == null ? Long.MAX_VALUE : until.toEpochMilli(),
                        0);
            }
        }
    }

    @Override
    public RuleKind kind() {
        return RuleKind.ALLOWANCE;
    }

    @Override
    public void reload() {
        var inForce = allowances.inForce(clock.instant());
        snapshot = new Snapshot(inForce);
        watchers.forEach(watcher -> watcher.readAllowances(inForce));
    }

    /** Whether the client is served whatever else is said. */
    public boolean allows(Network client, String application, @Nullable String endpoint, long nowMillis) {
        var known = snapshot;
        var scopes = known.all.isEmpty() ? null : known.scopes.of(application);
        return scopes != null
                && known.table.latest(client, scopes.everything(), scopes.endpoint(endpoint), nowMillis)
                        != PrefixTable.NONE;
    }

    /** What allows the address, for people who ask why. */
    public List<Allowance> allowing(Network client, String application) {
        var now = clock.instant();
        return snapshot.all.stream()
                .filter(allowance -> !allowance.isOver(now)
                        && allowance.scope().application().equals(application)
                        && allowance.target().contains(client))
                .toList();
    }

    /** What the application's allowlist allows that has addresses in common with the target. */
    public Optional<String> overlapping(Network target, String application) {
        var now = clock.instant();
        return snapshot.all.stream()
                .filter(allowance -> !allowance.isOver(now)
                        && allowance.scope().application().equals(application)
                        && (allowance.target().contains(target) || target.contains(allowance.target())))
                .findFirst()
                .map(allowance -> allowance.target().toString());
    }
}
