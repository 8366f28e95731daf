package io.bulwark.ratelimit.observation;

import io.bulwark.events.EventTypes;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.kit.outbox.TraceContext;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** Publishes what was reported, in the caller's transaction: all of it or nothing. */
@ApplicationScoped
class Observations {
    private final Outbox outbox;
    private final MeterRegistry metrics;

    Observations(Outbox outbox, MeterRegistry metrics) {
        this.outbox = outbox;
        this.metrics = metrics;
    }

    private record Identity(String source, String id) implements Comparable<Identity> {
        private static final Comparator<Identity> ORDER =
                Comparator.comparing(Identity::source).thenComparing(Identity::id);

        @Override
        public int compareTo(Identity other) {
            return ORDER.compare(this, other);
        }
    }

    /** Answers how many of them are distinct: the same source and id are the same event. */
    int publish(Reporter reporter, List<Observed> observed) {
        var seen = new TreeMap<Identity, Observed>();
        for (var one : observed) {
            seen.putIfAbsent(new Identity(one.source(), one.id()), one);
        }
        // In one order everywhere, so that two that report the same do not wait for each other's rows.
        for (var one : seen.values()) {
            var type = EventTypes.nameOf(one.event().getClass());
            outbox.publish(
                    one.event(),
                    reporter.envelope(
                            one.source(), one.id(), type, one.event().subject(), one.time(), TraceContext.current()));
            metrics.counter("ratelimit.observations", "type", type).increment();
        }
        return seen.size();
    }
}
