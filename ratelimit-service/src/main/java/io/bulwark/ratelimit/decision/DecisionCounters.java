package io.bulwark.ratelimit.decision;

import io.bulwark.ratelimit.anomaly.RequestCounts;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** Counts decisions at the cost of some additions; read when somebody asks for metrics. */
@Singleton
public class DecisionCounters {
    private final RequestCounts requests;
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    DecisionCounters(RequestCounts requests, MeterRegistry metrics) {
        this.requests = requests;
        for (var outcome : Outcome.values()) {
            var count = new LongAdder();
            counts.put(outcome, count);
            FunctionCounter.builder("ratelimit.decisions", count, LongAdder::sum)
                    .description("Questions of gateways by what they came to")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
    }

    /**
     * What was decided about a request.
     *
     * @param endpoint null for none in particular
     */
    public void count(String application, @Nullable String endpoint, Outcome outcome) {
        requests.count(application, endpoint);
        count(outcome);
    }

    /** What is no request of any client: it makes no sense, or only looks. */
    public void count(Outcome outcome) {
        counts.get(outcome).increment();
    }
}
