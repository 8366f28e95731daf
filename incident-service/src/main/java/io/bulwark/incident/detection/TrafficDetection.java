package io.bulwark.incident.detection;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.groupingBy;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.EventIds;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.detection.EpisodePolicy.Verdict;
import io.bulwark.incident.detection.Memory.Group;
import io.bulwark.incident.detection.TrafficPolicy.Stretch;
import io.bulwark.incident.incident.Incidents;
import io.bulwark.incident.incident.Opening;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Judges each application's 5xx rate and response times by what request summaries say, as {@link Detection} judges counts. */
@ApplicationScoped
class TrafficDetection {
    /** What a producer straight to the topic may claim of one stretch; more is made up and would drown the rest. */
    private static final long MOST_REQUESTS = 1_000_000_000L;

    private static final double MOST_MILLIS = 1e15;
    private static final double MICROS = 1_000;
    private static final String BOTH_RULES = "traffic";

    private final Memory memory;
    private final TrafficMemory traffic;
    private final Rules rules;
    private final Incidents incidents;
    private final IncidentConfig.Rules config;
    private final InstantSource clock;

    TrafficDetection(
            Memory memory,
            TrafficMemory traffic,
            Rules rules,
            Incidents incidents,
            IncidentConfig config,
            InstantSource clock) {
        this.memory = memory;
        this.traffic = traffic;
        this.rules = rules;
        this.incidents = incidents;
        this.config = config.rules();
        this.clock = clock;
    }

    private record Seen(String application, Traffic traffic) {}

    @Transactional(Transactional.TxType.MANDATORY)
    void observe(List<CloudEvent<RequestSummary>> summaries) {
        // In one order everywhere, so that two replicas never wait for each other's locks.
        summaries.stream()
                .filter(summary -> isPossible(summary.data()))
                .map(TrafficDetection::seen)
                .collect(groupingBy(Seen::application, TreeMap::new, Collectors.toList()))
                .forEach(this::evaluate);
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

    private static Seen seen(CloudEvent<RequestSummary> event) {
        var summary = event.data();
        var until = summary.from().plus(summary.window()).truncatedTo(ChronoUnit.MICROS);
        var timed = summary.totalMs() == null ? 0 : summary.requests();
        var total = summary.totalMs() == null ? 0 : Math.rint(summary.totalMs() * MICROS);
        var application = new Observation(event.application(), "", "", "", until).application();
        return new Seen(application, new Traffic(until, summary.requests(), summary.status5xx(), timed, total));
    }

    private void evaluate(String application, List<Seen> seen) {
        var byMoment = new TreeMap<Instant, Traffic>();
        seen.forEach(one -> byMoment.merge(one.traffic().until(), one.traffic(), Traffic::and));
        memory.lock(new Group(BOTH_RULES, application, ""));
        traffic.add(application, byMoment.values(), clock.instant());
        var earliest = byMoment.firstKey();
        var latest = byMoment.lastKey();
        judge(Rule.SERVER_ERROR_RATE, TrafficPolicy.SERVER_ERRORS, application, earliest, latest);
        judge(Rule.RESPONSE_TIME, TrafficPolicy.RESPONSE_TIMES, application, earliest, latest);
    }

    private void judge(String name, TrafficPolicy policy, String application, Instant earliest, Instant latest) {
        var rule = rules.named(name);
        if (!rule.enabled()) {
            return;
        }
        var window = rule.window();
        var until = latest.plus(window);
        var known = traffic.between(application, earliest.minus(window), until);
        var stretches = policy.exceeded(rule, config.trafficLeastRequests(), known, earliest, until);
        if (stretches.isEmpty()) {
            return;
        }
        var group = new Group(name, application, "");
        var before = memory.episodes(group, earliest.minus(window), until.plus(window));
        var verdict = joined(rule, before, stretches);
        memory.save(group, List.of(), verdict, clock.instant());
        for (var episode : verdict.episodes()) {
            if (episode.id() == null) {
                open(rule, policy, group, episode, stretches);
            }
        }
    }

    private static Verdict joined(Rule rule, Collection<Episode> before, List<Stretch> stretches) {
        var episodes = new ArrayList<Episode>();
        var absorbed = new ArrayList<UUID>();
        EpisodePolicy.join(
                Stream.concat(before.stream(), stretches.stream().map(Stretch::episode)),
                rule.window(),
                episodes,
                absorbed);
        episodes.removeAll(before);
        return new Verdict(List.of(), episodes, absorbed, List.of());
    }

    private void open(Rule rule, TrafficPolicy policy, Group group, Episode episode, List<Stretch> stretches) {
        var first = stretches.stream()
                .filter(stretch -> stretch.episode().start().equals(episode.start()))
                .min(comparing(stretch -> stretch.episode().start()))
                .orElseThrow();
        var incident = incidents.open(new Opening(
                group.application(),
                rule.title(group.scope()),
                rule.severity(),
                rule.name(),
                group.episode(episode.start()),
                episode.start(),
                rule.title() + ": " + policy.finding(first.found()) + " within " + rule.window(),
                Incidents.SELF));
        memory.begin(group, EventIds.next(), episode, incident.id());
    }

    @Scheduled(every = "10m", skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    @Transactional
    void forget() {
        traffic.forgetRecordedBefore(clock.instant().minus(config.memory()));
    }
}
