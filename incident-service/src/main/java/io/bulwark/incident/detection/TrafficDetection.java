package io.bulwark.incident.detection;

import static java.util.stream.Collectors.groupingBy;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.detection.Memory.Group;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** Adds up what request summaries say, for {@link TrafficJudge}: in the transaction that consumes them, and judges nothing. */
@ApplicationScoped
class TrafficDetection {
    /** What a producer straight to the topic may claim of one stretch; more is made up and would drown the rest. */
    private static final long MOST_REQUESTS = 1_000_000_000L;

    private static final double MOST_MILLIS = 1e15;
    private static final double MICROS = 1_000;
    private static final String BOTH_RULES = "traffic";

    private final Memory memory;
    private final TrafficMemory traffic;
    private final TimeBounds bounds;
    private final IncidentConfig.Rules config;
    private final InstantSource clock;

    TrafficDetection(
            Memory memory, TrafficMemory traffic, TimeBounds bounds, IncidentConfig config, InstantSource clock) {
        this.memory = memory;
        this.traffic = traffic;
        this.bounds = bounds;
        this.config = config.rules();
        this.clock = clock;
    }

    /** What an application's traffic is locked as while it is added to or judged. */
    static Group group(String application) {
        return new Group(BOTH_RULES, application, "");
    }

    private record Seen(String application, Traffic traffic) {}

    @Transactional(Transactional.TxType.MANDATORY)
    void observe(List<CloudEvent<RequestSummary>> summaries) {
        // In one order everywhere, so that two replicas never wait for each other's locks.
        summaries.stream()
                .filter(summary -> isPossible(summary.data()) && isInBounds(summary.data()))
                .map(TrafficDetection::seen)
                .collect(groupingBy(Seen::application, TreeMap::new, Collectors.toList()))
                .forEach(this::add);
    }

    private static boolean isPossible(RequestSummary summary) {
        return summary.requests() > 0
                && summary.requests() <= MOST_REQUESTS
                && summary.status5xx() >= 0
                && summary.status5xx() <= summary.requests()
                && (summary.totalMs() == null || (summary.totalMs() >= 0 && summary.totalMs() <= MOST_MILLIS))
                && !summary.window().isNegative()
                && summary.window().toDays() < 1;
    }

    private boolean isInBounds(RequestSummary summary) {
        return bounds.hold(summary.from()) && bounds.hold(until(summary));
    }

    private static Instant until(RequestSummary summary) {
        return summary.from().plus(summary.window());
    }

    /** By whole seconds, so that nobody fills a window with more moments than it has seconds. */
    private static Seen seen(CloudEvent<RequestSummary> event) {
        var summary = event.data();
        var until = until(summary).truncatedTo(ChronoUnit.SECONDS);
        var timed = summary.totalMs() == null ? 0 : summary.requests();
        var total = summary.totalMs() == null ? 0 : Math.rint(summary.totalMs() * MICROS);
        var application = new Observation(event.application(), "", "", "", until).application();
        return new Seen(application, new Traffic(until, summary.requests(), summary.status5xx(), timed, total));
    }

    private void add(String application, List<Seen> seen) {
        var byMoment = new TreeMap<Instant, Traffic>();
        seen.forEach(one -> byMoment.merge(one.traffic().until(), one.traffic(), Traffic::and));
        memory.lock(group(application));
        traffic.add(application, byMoment.values(), clock.instant(), config.trafficGrace());
    }
}
