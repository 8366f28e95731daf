package io.bulwark.ratelimit.detection;

import io.bulwark.kit.outbox.TraceContext;
import io.bulwark.ratelimit.block.Blocks;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.episode.Episodes;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;

/** Counts what was reported by every policy, and blocks whom they conclude to be attackers, in the inbox's transaction. */
@ApplicationScoped
class Detector {
    /** How long conclusions are shown. */
    private static final Duration EPISODES_KEPT = Duration.ofDays(90);

    /** What comes late may still meet what came long before. */
    private static final int WINDOWS_KEPT = 2;

    private final CountDetector counts;
    private final CrowdDetector crowds;
    private final Database database;
    private final MisdeedTable misdeeds;
    private final Offenders offenders;
    private final SightingTable sightings;
    private final Episodes episodes;
    private final Blocks blocks;
    private final DetectionConfig config;
    private final Duration sightingsKept;
    private final InstantSource clock;
    private final Counter unusable;

    Detector(
            CountDetector counts,
            CrowdDetector crowds,
            Database database,
            MisdeedTable misdeeds,
            Offenders offenders,
            SightingTable sightings,
            Episodes episodes,
            Blocks blocks,
            DetectionConfig config,
            InstantSource clock,
            MeterRegistry metrics) {
        this.counts = counts;
        this.crowds = crowds;
        this.database = database;
        this.misdeeds = misdeeds;
        this.offenders = offenders;
        this.sightings = sightings;
        this.episodes = episodes;
        this.blocks = blocks;
        this.config = config;
        this.sightingsKept = longest(config).multipliedBy(WINDOWS_KEPT);
        this.clock = clock;
        this.unusable = Counter.builder("ratelimit.misdeeds.unusable")
                .description("Reported misdeeds whose address or application nobody can block, or of long ago")
                .register(metrics);
    }

    private static Duration longest(DetectionConfig config) {
        return Stream.of(config.stuffing(), config.spraying(), config.distributedFlood())
                .map(DetectionConfig.Crowd::window)
                .max(Duration::compareTo)
                .orElseThrow();
    }

    void start(@Observes StartupEvent event) {
        checkRetention(config);
    }

    /** @throws IllegalStateException where what counts together would not be kept as long */
    static void checkRetention(DetectionConfig config) {
        var longest = Stream.of(config.login(), config.waf(), config.accessDenied(), config.flood())
                .map(DetectionConfig.Counted::window)
                .max(Duration::compareTo)
                .orElseThrow();
        if (config.retention().compareTo(longest) < 0) {
            throw new IllegalStateException(
                    "bulwark.ratelimit.detection.retention, %s, must not be shorter than a window, %s"
                            .formatted(config.retention(), longest));
        }
    }

    void observe(List<Report> reports) {
        var fresh = usable(reports);
        if (fresh.isEmpty()) {
            return;
        }
        var places = counts.group(fresh);
        var groups = crowds.group(fresh);
        var locks = new HashSet<String>();
        places.keySet().forEach(group -> locks.add(group.lock()));
        groups.keySet().forEach(group -> locks.add(group.sharedLock()));
        // what counts together is spread over partitions, and so over replicas: whoever counts it holds it alone
        database.hold(locks);
        counts.add(fresh);
        crowds.add(groups);
        var orders = new ArrayList<TracedBlock>();
        counts.possible(places)
                .forEach(group -> counts.decide(group, places.get(group)).forEach(orders::add));
        orders.addAll(crowds.decide(groups));
        block(orders);
    }

    @Scheduled(
            every = "1m",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void prune() {
        var now = clock.instant();
        misdeeds.prune(now.minus(config.retention()));
        offenders.prune(now.minus(config.retention()));
        sightings.prune(now.minus(sightingsKept));
        episodes.prune(now.minus(EPISODES_KEPT));
    }

    private List<Misdeed> usable(List<Report> reports) {
        var now = clock.instant();
        var usable = new ArrayList<Misdeed>();
        for (var report : reports) {
            Misdeed.of(report, now).ifPresentOrElse(usable::add, unusable::increment);
        }
        return usable;
    }

    private void block(List<TracedBlock> orders) {
        orders.sort(TracedBlock.LOCK_ORDER);
        for (var order : orders) {
            try (var trace = TraceContext.continuing(order.trace())) {
                blocks.place(order.block());
            }
        }
    }
}
