package io.bulwark.ratelimit.decision;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.inject.Singleton;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;

/** Counts decisions at the cost of an addition; read when somebody asks for metrics. */
@Singleton
public class DecisionCounters {
    private final Map<Outcome, LongAdder> counts = new EnumMap<>(Outcome.class);

    DecisionCounters(MeterRegistry metrics) {
        for (var outcome : Outcome.values()) {
            var count = new LongAdder();
            counts.put(outcome, count);
            FunctionCounter.builder("ratelimit.decisions", count, LongAdder::sum)
                    .description("Questions of gateways by what they came to")
                    .tag("outcome", outcome.name().toLowerCase(Locale.ROOT))
                    .register(metrics);
        }
    }

    public void count(Outcome outcome) {
        counts.get(outcome).increment();
    }
}
