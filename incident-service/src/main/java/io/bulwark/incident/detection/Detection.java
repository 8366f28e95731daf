package io.bulwark.incident.detection;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.counting;
import static java.util.stream.Collectors.groupingBy;

import io.bulwark.events.EventIds;
import io.bulwark.incident.detection.Memory.Group;
import io.bulwark.incident.incident.Incidents;
import io.bulwark.incident.incident.Opening;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Counts what the consumers hand over and opens an incident where an episode begins: in the transaction that consumes
 * the batch, one application after the other under a lock of its own, so that replicas lose nothing to each other.
 */
@ApplicationScoped
class Detection {
    private static final int NAMED_SUBJECTS = 10;

    private final Memory memory;
    private final TimeBounds bounds;
    private final Rules rules;
    private final Incidents incidents;
    private final InstantSource clock;

    Detection(Memory memory, TimeBounds bounds, Rules rules, Incidents incidents, InstantSource clock) {
        this.memory = memory;
        this.bounds = bounds;
        this.rules = rules;
        this.incidents = incidents;
        this.clock = clock;
    }

    @Transactional(Transactional.TxType.MANDATORY)
    void observe(String ruleName, List<Observation> observations) {
        if (observations.isEmpty()) {
            return;
        }
        var rule = rules.named(ruleName);
        if (!rule.enabled()) {
            return;
        }
        // In one order everywhere, so that two replicas never wait for each other's locks.
        var groups = observations.stream()
                .filter(seen -> bounds.hold(seen.time()))
                .collect(groupingBy(
                        seen -> new Group(ruleName, seen.application(), seen.scope()),
                        () -> new TreeMap<>(comparing(Group::application).thenComparing(Group::scope)),
                        Collectors.toList()));
        groups.forEach((group, fresh) -> {
            memory.lock(group);
            runs(fresh, rule.window()).forEach(run -> evaluate(rule, group, run));
        });
    }

    /** In order of time, cut where no window holds both neighbours: what is remembered between them need not be read. */
    private static List<List<Observation>> runs(List<Observation> fresh, Duration window) {
        var runs = new ArrayList<List<Observation>>();
        fresh.stream().sorted(comparing(Observation::time)).forEach(next -> {
            if (runs.isEmpty()
                    || next.time().isAfter(runs.getLast().getLast().time().plus(window.multipliedBy(2)))) {
                runs.add(new ArrayList<>());
            }
            runs.getLast().add(next);
        });
        return runs;
    }

    private void evaluate(Rule rule, Group group, List<Observation> fresh) {
        var earliest = fresh.getFirst().time();
        var latest = fresh.getLast().time();
        var window = rule.window();

        var known = memory.presences(group, earliest, latest.plus(window), window);
        var episodes = memory.episodes(group, earliest.minus(window), latest.plus(window.multipliedBy(2)));
        var verdict = EpisodePolicy.judge(rule, known, episodes, fresh);
        memory.save(group, known, verdict, clock.instant());

        var found = verdict.found().iterator();
        for (var episode : verdict.episodes()) {
            if (episode.id() == null) {
                open(rule, group, episode, found.next());
            }
        }
    }

    private void open(Rule rule, Group group, Episode episode, List<String> subjects) {
        var incident = incidents.open(new Opening(
                group.application(),
                rule.title(group.scope()),
                rule.severity(),
                rule.name(),
                group.episode(episode.start()),
                episode.start(),
                finding(rule, subjects),
                Incidents.SELF));
        memory.begin(group, EventIds.next(), episode, incident.id());
    }

    /** Whom a responder has to look at: the subjects with the most observations first. */
    private static String finding(Rule rule, List<String> subjects) {
        Map<String, Long> counts =
                subjects.stream().collect(groupingBy(Function.identity(), LinkedHashMap::new, counting()));
        var named = counts.entrySet().stream()
                .sorted(Map.Entry.<String, Long>comparingByValue().reversed())
                .limit(NAMED_SUBJECTS)
                .map(subject ->
                        subject.getValue() == 1 ? subject.getKey() : subject.getKey() + " (" + subject.getValue() + ")")
                .collect(Collectors.joining(", "));
        var rest = counts.size() > NAMED_SUBJECTS ? " and " + (counts.size() - NAMED_SUBJECTS) + " more" : "";
        return rule.title() + ", " + subjects.size() + " within " + rule.window() + ": " + named + rest;
    }
}
