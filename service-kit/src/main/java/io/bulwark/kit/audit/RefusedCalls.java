package io.bulwark.kit.audit;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.outbox.Outbox;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.vertx.http.runtime.CurrentVertxRequest;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Refused calls (401, 403, 429), one audit entry per actor or address, action and minute with a count: an attacker cannot
 * flood the trail. Bounded: beyond that many different ones in a minute, further ones are counted under one entry.
 */
@ApplicationScoped
public class RefusedCalls {
    private static final Logger LOG = Logger.getLogger(RefusedCalls.class);
    private static final int MOST = 10_000;
    private static final int MAX_PATH = 120;

    private final Outbox outbox;
    private final Caller caller;
    private final ClientAddress address;
    private final CurrentVertxRequest request;
    private final InstantSource clock;
    private final List<String> exempt;
    private final Map<Refused, LongAdder> counts = new ConcurrentHashMap<>();

    /** @param exempt paths whose refusals are no matter of the trail: every request of an application asks there */
    RefusedCalls(
            Outbox outbox,
            Caller caller,
            ClientAddress address,
            CurrentVertxRequest request,
            InstantSource clock,
            @ConfigProperty(name = "bulwark.refused-calls.exempt") Optional<List<String>> exempt) {
        this.outbox = outbox;
        this.caller = caller;
        this.address = address;
        this.request = request;
        this.clock = clock;
        this.exempt = exempt.orElse(List.of());
    }

    private record Refused(
            String actorId,
            @Nullable String actorName,
            List<String> roles,
            String action,
            @Nullable String address,
            Instant minute) {}

    /** Counts the current request, which is refused. */
    public void count() {
        var path = request.getCurrent().request().path();
        if (exempt.stream().anyMatch(path::startsWith)) {
            return;
        }
        var minute = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        var refused = counts.size() < MOST
                ? new Refused(
                        caller(), name(), roles(), action(), address.current().toString(), minute)
                : new Refused(Caller.ANONYMOUS, null, List.of(), "calls.many", null, minute);
        counts.computeIfAbsent(refused, key -> new LongAdder()).increment();
    }

    @Scheduled(every = "5s")
    void publishPastMinutes() {
        publishBefore(clock.instant().truncatedTo(ChronoUnit.MINUTES));
    }

    void stop(@Observes ShutdownEvent event) {
        try {
            publishBefore(Instant.MAX);
        } catch (RuntimeException e) {
            LOG.warnf("%d entries on refused calls are lost: %s", counts.size(), e.getMessage());
        }
    }

    private void publishBefore(Instant end) {
        var due = counts.keySet().stream()
                .filter(refused -> refused.minute().isBefore(end))
                .toList();
        if (due.isEmpty()) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> due.forEach(this::publish));
        due.forEach(counts::remove);
    }

    private void publish(Refused refused) {
        var count = counts.get(refused).intValue();
        outbox.publish(new ActionRecorded(
                refused.actorId(),
                refused.actorName(),
                refused.roles(),
                refused.action(),
                null,
                Outcome.DENIED,
                refused.address(),
                Map.of("minute", refused.minute().toString()),
                count));
    }

    private String caller() {
        try {
            return caller.id();
        } catch (RuntimeException e) {
            return Caller.ANONYMOUS; // the token itself was the reason
        }
    }

    private @Nullable String name() {
        try {
            return caller.name();
        } catch (RuntimeException e) {
            return null;
        }
    }

    private List<String> roles() {
        try {
            return caller.roles();
        } catch (RuntimeException e) {
            return List.of();
        }
    }

    private String action() {
        var http = request.getCurrent().request();
        var path = http.path();
        return http.method() + " " + (path.length() > MAX_PATH ? path.substring(0, MAX_PATH) : path);
    }
}
