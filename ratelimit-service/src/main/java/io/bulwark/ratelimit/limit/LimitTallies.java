package io.bulwark.ratelimit.limit;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import jakarta.inject.Singleton;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/**
 * A tally per limit, which goes on where rules are read again, so that an operator sees what a limit would refuse before it
 * does. Of what operators name there may be a lot: from so many limits on, those that are new count together.
 */
@Singleton
public class LimitTallies {
    static final int MOST = 1_000;

    private static final String TOGETHER = "*";

    private final Map<Limited, LimitTally> known = new HashMap<>();
    private final MeterRegistry metrics;

    public LimitTallies(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    private record Limited(String by, String application, String place, String limit) {
        Limited together() {
            return new Limited(by, TOGETHER, TOGETHER, TOGETHER);
        }
    }

    /** Of a policy's limit. */
    public LimitTally ofPolicy(String application, String endpoint, String limit) {
        return of(new Limited("endpoint", application, endpoint, limit));
    }

    /** Of a limit in a domain of Envoy's. */
    public LimitTally ofDomain(String application, String domain, String limit) {
        return of(new Limited("domain", application, domain, limit));
    }

    private synchronized LimitTally of(Limited limited) {
        var tally = known.get(limited);
        if (tally != null) {
            return tally;
        }
        return known.computeIfAbsent(known.size() < MOST ? limited : limited.together(), this::registered);
    }

    private LimitTally registered(Limited limited) {
        var tally = new LimitTally();
        for (var result : LimitTally.Result.values()) {
            FunctionCounter.builder("ratelimit." + limited.by() + ".requests", tally, it -> it.sum(result))
                    .description("Requests that a limit of an " + limited.by() + " counted, by what they came to at it")
                    .tags(Tags.of("application", limited.application())
                            .and(limited.by(), limited.place())
                            .and("limit", limited.limit())
                            .and("result", result.name().toLowerCase(Locale.ROOT)))
                    .register(metrics);
        }
        return tally;
    }
}
