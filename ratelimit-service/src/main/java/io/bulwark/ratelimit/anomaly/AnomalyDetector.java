package io.bulwark.ratelimit.anomaly;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.kit.outbox.TraceContext;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.prefix.Scope;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Learns how many requests are usual, and has it told when there are far more. In the inbox's transaction. */
@ApplicationScoped
public class AnomalyDetector {
    /** What is older has nothing to say about now, and its hours may be forgotten already. */
    private static final Duration OLDEST = Duration.ofDays(2);

    private static final Duration AHEAD = Duration.ofMinutes(5);
    private static final Duration WEEK = Duration.ofDays(7);

    private final AnomalyConfig config;
    private final Duration interval;
    private final RateTable table;
    private final RateJudge judge;
    private final Database database;
    private final InstantSource clock;
    private final Counter unlearned;

    AnomalyDetector(
            AnomalyConfig config,
            RateTable table,
            RateJudge judge,
            Database database,
            InstantSource clock,
            MeterRegistry metrics) {
        this.config = config;
        this.interval = Duration.ofMinutes(config.intervalMinutes());
        this.table = table;
        this.judge = judge;
        this.database = database;
        this.clock = clock;
        this.unlearned = Counter.builder("ratelimit.summaries.unlearned")
                .description(
                        "Request summaries and counts of too many endpoints, or of an endpoint or a time that is not learned from")
                .register(metrics);
    }

    /** What one batch says of a series. */
    private record Fresh(
            Map<Instant, Double> requests, @Nullable String trace) {}

    /** Counts the requests and judges the intervals that they belong to. */
    public void observe(List<CloudEvent<RequestSummary>> summaries) {
        if (!config.enabled() || summaries.isEmpty()) {
            return;
        }
        var fresh = new TreeMap<Series, Fresh>(Series.ORDER);
        for (var summary : summaries) {
            if (!isUsable(summary)) {
                unlearned.increment();
                continue;
            }
            var requests = fresh.computeIfAbsent(
                    Series.of(summary),
                    series -> new Fresh(new TreeMap<>(), summary.envelope().traceparent()));
            Intervals.spread(summary.data(), interval)
                    .forEach((at, count) -> requests.requests().merge(at, count, Double::sum));
        }
        learn(fresh);
    }

    /** The same with requests that were counted here, from one time until a later one; in the caller's transaction. */
    void observe(Map<Series, Long> counted, Instant from, Instant until) {
        var fresh = new TreeMap<Series, Fresh>(Series.ORDER);
        counted.forEach((series, requests) ->
                fresh.put(series, new Fresh(Intervals.spread(requests, from, until, interval), null)));
        learn(fresh);
    }

    private void learn(SortedMap<Series, Fresh> fresh) {
        if (fresh.isEmpty()) {
            return;
        }
        database.hold(fresh.keySet().stream().map(Series::lock).collect(Collectors.toSet()));
        fresh.forEach(this::learn);
    }

    private void learn(Series series, Fresh fresh) {
        var touched = new TreeMap<>(fresh.requests());
        if (touched.isEmpty()) {
            return;
        }
        if (!table.admits(series, touched.lastKey(), config.maxEndpoints())) {
            unlearned.increment();
            return;
        }
        table.add(series, touched);
        try (var trace = TraceContext.continuing(fresh.trace())) {
            judge.judge(series, touched.navigableKeySet());
        }
    }

    @Scheduled(
            every = "10m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        var now = clock.instant();
        table.prune(now.minus(OLDEST).minus(OLDEST), now.minus(WEEK.multipliedBy(config.weeks() + 1L)));
    }

    private boolean isUsable(CloudEvent<RequestSummary> summary) {
        var now = clock.instant();
        var from = summary.data().from();
        return Scope.isApplication(summary.application())
                && Series.isEndpoint(summary.data().endpoint())
                && summary.data().requests() >= 0
                && Intervals.isPossible(summary.data().window())
                && from.isAfter(now.minus(OLDEST))
                && from.plus(summary.data().window()).isBefore(now.plus(AHEAD));
    }
}
