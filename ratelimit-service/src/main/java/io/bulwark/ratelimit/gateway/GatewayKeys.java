package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.rule.RuleKind;
import io.bulwark.ratelimit.rule.RuleSet;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;
import jakarta.inject.Singleton;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.security.MessageDigest;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * The registered keys, in memory. What this replica registers or removes is known at once, what another does when it tells
 * of it; where it cannot, for want of Kafka, within ten seconds: a key that was removed must not live as long as an outage.
 */
@Singleton
public class GatewayKeys implements RuleSet {
    private static final Logger LOG = Logger.getLogger(GatewayKeys.class);
    private static final VarHandle HEAD = MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

    private final Gateways gateways;
    private volatile Map<Long, Gateway> byHash = Map.of();
    private final Outage outage = new Outage(LOG, "Gateway keys cannot be read again, and those known stay");

    GatewayKeys(Gateways gateways) {
        this.gateways = gateways;
    }

    /** Whose key this is; empty where it is nobody's. */
    public Optional<Gateway> find(String text) {
        if (!GatewayKey.isOne(text)) {
            return Optional.empty();
        }
        var hash = new GatewayKey(text).hash();
        var gateway = byHash.get(head(hash));
        return gateway != null && MessageDigest.isEqual(gateway.keyHash(), hash)
                ? Optional.of(gateway)
                : Optional.empty();
    }

    /** What gateways and proxies in front of them have themselves, as far as it is registered. */
    public Stream<Network> ownAddresses() {
        return byHash.values().stream().flatMap(gateway -> gateway.profile().ownAddresses().stream());
    }

    void start(@Observes StartupEvent event) {
        QuarkusTransaction.requiringNew().run(this::reload);
    }

    @Override
    public RuleKind kind() {
        return RuleKind.GATEWAY;
    }

    @Override
    public synchronized void reload() {
        var known = new HashMap<Long, Gateway>();
        for (var gateway : gateways.all()) {
            known.put(head(gateway.keyHash()), gateway);
        }
        byHash = Map.copyOf(known);
    }

    @Scheduled(
            every = "10s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void refresh() {
        outage.attempt(() -> QuarkusTransaction.requiringNew().run(this::reload));
    }

    synchronized void registered(@Observes(during = TransactionPhase.AFTER_SUCCESS) Gateways.Registered event) {
        var known = new HashMap<>(byHash);
        known.put(head(event.gateway().keyHash()), event.gateway());
        byHash = Map.copyOf(known);
    }

    synchronized void removed(@Observes(during = TransactionPhase.AFTER_SUCCESS) Gateways.Removed event) {
        var known = new HashMap<>(byHash);
        known.remove(head(event.gateway().keyHash()));
        byHash = Map.copyOf(known);
    }

    private static long head(byte[] hash) {
        return (long) HEAD.get(hash, 0);
    }
}
