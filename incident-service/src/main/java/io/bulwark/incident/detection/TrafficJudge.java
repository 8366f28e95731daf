package io.bulwark.incident.detection;

import static java.util.Comparator.naturalOrder;

import io.bulwark.events.EventIds;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.detection.EpisodePolicy.Verdict;
import io.bulwark.incident.detection.Memory.Group;
import io.bulwark.incident.detection.TrafficMemory.Due;
import io.bulwark.incident.detection.TrafficPolicy.Stretch;
import io.bulwark.incident.incident.Incidents;
import io.bulwark.incident.incident.Opening;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import io.bulwark.kit.outage.Outage;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.stream.Stream;
import org.jboss.logging.Logger;

/**
 * Judges each application's 5xx rate and response times by what request summaries say, in event time. Several summaries tell
 * of one moment, and what was opened is not taken back: so a moment waits until for the grace nothing was added to it, nor
 * to the three windows before it, which decide whether an episode begins or goes on; but for one window at the longest, or
 * whoever goes on adding to what is over would put off an incident for ever. In whatever order they come until then does
 * not matter.
 */
@ApplicationScoped
class TrafficJudge {
    private static final Logger LOG = Logger.getLogger(TrafficJudge.class);

    /** An application's consumers wait for its lock meanwhile; where windows are long, one moment has much to read. */
    private static final Duration LONGEST_HOLD = Duration.ofSeconds(1);

    private static final int BATCH = 100;

    /** Moments are whole seconds. */
    private static final Duration NEXT_MOMENT = Duration.ofSeconds(1);

    private final Memory memory;
    private final TrafficMemory traffic;
    private final Rules rules;
    private final Incidents incidents;
    private final IncidentConfig.Rules config;
    private final InstantSource clock;
    private final Outage outage = new Outage(LOG, "Traffic cannot be judged");

    TrafficJudge(
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

    /** A rule as it is now, and what it is judged by. */
    private record Law(Rule rule, TrafficPolicy policy) {
        Duration window() {
            return rule.window();
        }

        /** An episode that a moment prolongs ended at most a window before it, and had counted nothing for another. */
        Instant from(Instant moment) {
            return moment.minus(window().multipliedBy(2));
        }
    }

    /**
     * What came of looking at a moment.
     *
     * @param judged false where it waits for what is yet to be told
     * @param next when to look again, empty where that was all
     */
    private record Look(boolean judged, Optional<Instant> next) {}

    @Scheduled(
            every = "1s",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = ApplicationNotRunning.class)
    void judge() {
        outage.attempt(() -> judgeAll(traffic.applicationsDue(clock.instant())));
    }

    /** One that fails keeps no other from being judged. */
    private void judgeAll(List<String> applications) {
        var failures = new ArrayList<RuntimeException>();
        for (var application : applications) {
            try {
                QuarkusTransaction.requiringNew().run(() -> judge(application));
            } catch (RuntimeException e) {
                failures.add(new IllegalStateException(application + ": " + e.getMessage(), e));
            }
        }
        if (!failures.isEmpty()) {
            throw failures.getFirst();
        }
    }

    private void judge(String application) {
        memory.lock(TrafficDetection.group(application));
        var now = clock.instant();
        var laws = Stream.of(
                        new Law(rules.named(Rule.SERVER_ERROR_RATE), TrafficPolicy.SERVER_ERRORS),
                        new Law(rules.named(Rule.RESPONSE_TIME), TrafficPolicy.RESPONSE_TIMES))
                .filter(law -> law.rule().enabled())
                .toList();
        for (var moment : traffic.due(application, now, BATCH)) {
            var looks = laws.stream()
                    .map(law -> judge(law, application, moment, now))
                    .toList();
            var next = looks.stream().flatMap(look -> look.next().stream()).min(naturalOrder());
            traffic.judgeNext(application, moment.until(), looks.stream().allMatch(Look::judged), next.orElse(null));
            if (clock.instant().isAfter(now.plus(LONGEST_HOLD))) {
                return;
            }
        }
    }

    /** Judges what a moment is part of, as far as it is told. */
    private Look judge(Law law, String application, Due moment, Instant now) {
        var grace = config.trafficGrace();
        var from = law.from(moment.until());
        var since = from.minus(law.window());
        var end = moment.until().plus(law.window());
        var waitsFor = now.isBefore(moment.latest(law.window())) ? since : moment.until();
        var told = traffic.firstUnsettled(application, waitsFor, end, now.minus(grace))
                .orElse(end);
        if (!told.isAfter(moment.until())) {
            return new Look(false, Optional.of(now.plus(grace)));
        }
        var known = traffic.between(application, since, told);
        // Good requests that leave the window make a share rise, but not while others that follow are yet to be told.
        var silence = moment.settledAt(grace).plus(law.window());
        var to = silence.isAfter(now) ? known.getLast().until().plus(NEXT_MOMENT) : told;
        judge(law, application, known, from, to);
        if (!to.isBefore(end)) {
            return new Look(true, Optional.empty());
        }
        return new Look(true, Optional.of(silence.isAfter(now) ? silence : now.plus(grace)));
    }

    private void judge(Law law, String application, List<Traffic> known, Instant from, Instant to) {
        var rule = law.rule();
        var stretches = law.policy().exceeded(rule, config.trafficLeastRequests(), known, from, to);
        if (stretches.isEmpty()) {
            return;
        }
        var group = new Group(rule.name(), application, "");
        var before = memory.episodes(group, from.minus(rule.window()), to.plus(rule.window()));
        var verdict = joined(rule, before, stretches);
        memory.save(group, List.of(), verdict, clock.instant());
        for (var episode : verdict.episodes()) {
            if (episode.id() == null) {
                open(law, group, episode, stretches);
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

    private void open(Law law, Group group, Episode episode, List<Stretch> stretches) {
        var rule = law.rule();
        var first = stretches.stream()
                .filter(stretch -> stretch.episode().start().equals(episode.start()))
                .findFirst()
                .orElseThrow();
        var incident = incidents.open(new Opening(
                group.application(),
                rule.title(group.scope()),
                rule.severity(),
                rule.name(),
                group.episode(episode.start()),
                episode.start(),
                rule.title() + ": " + law.policy().finding(first.found()) + " within " + rule.window(),
                Incidents.SELF));
        memory.begin(group, EventIds.next(), episode, incident.id());
    }
}
