package io.bulwark.ratelimit.decision;

import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.kit.net.Network;
import io.bulwark.kit.outage.Outage;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.policy.EndpointPolicy;
import io.bulwark.ratelimit.prefix.Scope;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;

/**
 * Tells of whoever limits have refused, as {@code access-denied}: one event for each client and endpoint, whatever a flood does.
 * Detectors count them like any other's. Of who is refused for another reason everybody knows: it was told when it began.
 */
@Singleton
public class RefusedClients {
    private static final Logger LOG = Logger.getLogger(RefusedClients.class);
    private static final int TOO_MANY_REQUESTS = 429;

    /** No event stands for more. */
    private static final long MOST_OF_EVENT = 10_000;

    private final Outbox outbox;
    private final int most;
    private final Map<Client, Refusals> refused = new ConcurrentHashMap<>();
    private final LongAdder untold = new LongAdder();
    private final Outage outage = new Outage(LOG, "Nobody can be told of whoever limits have refused");

    RefusedClients(Outbox outbox, DecisionConfig config, MeterRegistry metrics) {
        this.outbox = outbox;
        this.most = config.mostRefused();
        FunctionCounter.builder("ratelimit.refusals.untold", untold, LongAdder::sum)
                .description(
                        "Requests refused by limits of which nobody is told, for too many clients were refused at a time")
                .register(metrics);
    }

    private record Client(Network network, Scope scope) {}

    /** @param address the first of the client's that was refused */
    private record Refusals(Network address, LongAdder count) {}

    /** Somebody was refused by this policy, for these claims; for what only its neighbours have used up it is not to blame. */
    void report(Question question, EndpointPolicy policy, Claims claims) {
        for (var i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            var limit = claim.limit();
            if (claim.isOver() && !limit.shadow() && policy.isOfAddress(limit)) {
                report(question.client(), new Scope(question.application(), question.endpoint()));
                return;
            }
        }
    }

    /** This client was refused there by a limit of its own. */
    public void report(Network address, Scope scope) {
        var client = new Client(address.clientNetwork(), scope);
        var known = refused.get(client);
        if (known == null) {
            if (refused.size() >= most) {
                untold.increment();
                return;
            }
            known = refused.computeIfAbsent(client, one -> new Refusals(address, new LongAdder()));
        }
        known.count().increment();
    }

    @Scheduled(
            every = "{bulwark.ratelimit.decision.tell-refused-every}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void tell() {
        if (refused.isEmpty()) {
            return;
        }
        var told = new HashMap<Client, Long>();
        refused.forEach((client, refusals) -> told.put(client, refusals.count().sum()));
        if (outage.attempt(() -> QuarkusTransaction.requiringNew().run(() -> told.forEach(this::publish)))) {
            told.forEach(this::forget);
        }
    }

    void stop(@Observes ShutdownEvent event) {
        tell();
    }

    private void publish(Client client, long count) {
        var refusals = refused.get(client);
        if (refusals != null) {
            outbox.publish(
                    new AccessDenied(
                            refusals.address().toString(), client.scope().endpoint(), null, TOO_MANY_REQUESTS, (int)
                                    Math.min(count, MOST_OF_EVENT)),
                    client.scope().application());
        }
    }

    /** What came meanwhile is told the next time. */
    private void forget(Client client, long count) {
        refused.computeIfPresent(client, (same, refusals) -> {
            refusals.count().add(-count);
            return refusals.count().sum() == 0 ? null : refusals;
        });
    }
}
