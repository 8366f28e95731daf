package io.bulwark.ratelimit.anomaly;

import io.bulwark.kit.outage.Outage;
import io.bulwark.ratelimit.anomaly.Series.Source;
import io.bulwark.ratelimit.prefix.Scope;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Counts what gateways ask about, by endpoint, at the cost of a look-up and an addition; once a minute the detector of unusual
 * rates is told. So those are noticed behind a gateway too that reports nothing.
 */
@Singleton
public class RequestCounts {
    private static final Logger LOG = Logger.getLogger(RequestCounts.class);
    private static final int MOST_APPLICATIONS = 1_000;

    private final AnomalyDetector detector;
    private final InstantSource clock;
    private final int mostApplications;
    private final int mostEndpoints;
    private final Map<String, Counts> byApplication = new ConcurrentHashMap<>();
    private final Outage outage = new Outage(LOG, "How many requests there were cannot be learned");

    @Inject
    RequestCounts(AnomalyDetector detector, AnomalyConfig config, InstantSource clock) {
        this(
                detector,
                clock,
                config.enabled() ? MOST_APPLICATIONS : 0,
                config.maxEndpoints() - 1); // the application as a whole takes a place too
    }

    RequestCounts(AnomalyDetector detector, InstantSource clock, int mostApplications, int mostEndpoints) {
        this.detector = detector;
        this.clock = clock;
        this.mostApplications = mostApplications;
        this.mostEndpoints = mostEndpoints;
    }

    /** Of one application. */
    private static final class Counts {
        private final Map<String, LongAdder> byEndpoint = new ConcurrentHashMap<>();
        private final LongAdder others = new LongAdder();
        private Instant from;

        Counts(Instant from) {
            this.from = from;
        }

        /** Where there are too many, it counts for the application alone. */
        LongAdder of(String endpoint, int most) {
            var known = byEndpoint.get(endpoint);
            if (known != null) {
                return known;
            }
            return byEndpoint.size() < most ? byEndpoint.computeIfAbsent(endpoint, name -> new LongAdder()) : others;
        }
    }

    /**
     * A gateway asks about a request, whatever the answer is.
     *
     * @param endpoint null for none in particular
     */
    public void count(String application, @Nullable String endpoint) {
        var known = byApplication.get(application);
        var counts = known == null ? admitted(application) : known;
        if (counts != null) {
            (endpoint == null ? counts.others : counts.of(endpoint, mostEndpoints)).increment();
        }
    }

    private @Nullable Counts admitted(String application) {
        if (byApplication.size() >= mostApplications || !Scope.isApplication(application)) {
            return null;
        }
        return byApplication.computeIfAbsent(application, name -> new Counts(clock.instant()));
    }

    @Scheduled(
            every = "1m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    synchronized void tell() {
        for (var one : byApplication.entrySet()) {
            if (!isTold(one.getKey(), one.getValue())) {
                return; // each of the others would wait for the database as long, and a stop for all of them
            }
        }
        byApplication.values().removeIf(counts -> counts.byEndpoint.isEmpty() && counts.others.sum() == 0);
    }

    void stop(@Observes ShutdownEvent event) {
        tell();
    }

    /** What cannot be told is told later, as of all the time since. */
    private boolean isTold(String application, Counts counts) {
        var until = clock.instant();
        if (!until.isAfter(counts.from)) {
            counts.from = until; // the clock was set back
            return true;
        }
        var others = counts.others.sum();
        var endpoints = new HashMap<String, Long>();
        counts.byEndpoint.forEach((endpoint, count) -> endpoints.put(endpoint, count.sum()));
        var requests = series(application, endpoints, others);
        if (!requests.isEmpty()
                && !outage.attempt(() ->
                        QuarkusTransaction.requiringNew().run(() -> detector.observe(requests, counts.from, until)))) {
            return false;
        }
        counts.from = until;
        counts.others.add(-others);
        endpoints.forEach((endpoint, told) -> forget(counts, endpoint, told));
        return true;
    }

    /** The application as a whole is all of its endpoints. */
    private static Map<Series, Long> series(String application, Map<String, Long> endpoints, long others) {
        var series = new HashMap<Series, Long>();
        var all = others;
        for (var endpoint : endpoints.entrySet()) {
            if (endpoint.getValue() > 0) {
                series.put(new Series(application, endpoint.getKey(), Source.DECISIONS), endpoint.getValue());
                all += endpoint.getValue();
            }
        }
        if (all > 0) {
            series.put(new Series(application, "", Source.DECISIONS), all);
        }
        return series;
    }

    /** What came meanwhile is told the next time; an endpoint that nobody asked about leaves its place to another. */
    private static void forget(Counts counts, String endpoint, long told) {
        counts.byEndpoint.computeIfPresent(endpoint, (name, count) -> {
            count.add(-told);
            return told == 0 && count.sum() == 0 ? null : count;
        });
    }
}
