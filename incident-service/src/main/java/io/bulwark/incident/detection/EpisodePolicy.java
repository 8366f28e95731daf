package io.bulwark.incident.detection;

import static java.util.Comparator.comparing;

import io.bulwark.incident.rule.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Decides when a rule's threshold was exceeded, over every window there is and not over a grid of them. A value is
 * present for one window's length after it was seen; the rule is exceeded while more than the threshold are present.
 * Presence is a union of intervals, so the order of arrival does not matter, and nothing but event time does.
 */
final class EpisodePolicy {
    private EpisodePolicy() {}

    /**
     * What follows from new observations.
     *
     * @param presences what is to be remembered from now on
     * @param episodes that there were and that changed, or that are new ({@code id} null)
     * @param absorbed episodes that turned out to be the continuation of an earlier one
     * @param found who was present at the start of each new episode, in the order of {@code episodes}
     */
    record Verdict(List<Presence> presences, List<Episode> episodes, List<UUID> absorbed, List<List<String>> found) {}

    /**
     * Judges the fresh observations of one application and scope.
     *
     * @param known presences that overlap the time from the earliest fresh observation to a window after the latest
     * @param earlier episodes that are at most a window away from that time
     */
    static Verdict judge(
            Rule rule, Collection<Presence> known, Collection<Episode> earlier, Collection<Observation> fresh) {
        var presences = merge(Stream.concat(known.stream(), fresh.stream().map(Presence::of)), rule.window());
        var episodes = new ArrayList<Episode>();
        var absorbed = new ArrayList<UUID>();
        join(Stream.concat(earlier.stream(), exceeded(presences, rule)), rule.window(), episodes, absorbed);

        var before = new HashSet<>(earlier);
        var changed =
                episodes.stream().filter(episode -> !before.contains(episode)).toList();
        var found = changed.stream()
                .filter(episode -> episode.id() == null)
                .map(episode -> subjectsAt(episode.start(), presences, rule.window()))
                .toList();
        var remembered = presences.stream()
                .filter(presence -> episodes.stream().noneMatch(episode -> episode.holds(presence, rule.window())))
                .toList();
        return new Verdict(remembered, changed, absorbed, found);
    }

    private static List<Presence> merge(Stream<Presence> presences, Duration window) {
        var byValue = new TreeMap<String, List<Presence>>();
        presences.sorted(comparing(Presence::first)).forEach(next -> {
            var ofValue = byValue.computeIfAbsent(next.value(), value -> new ArrayList<>());
            if (!ofValue.isEmpty() && !next.first().isAfter(ofValue.getLast().until(window))) {
                ofValue.add(ofValue.removeLast().and(next));
            } else {
                ofValue.add(next);
            }
        });
        return byValue.values().stream().flatMap(List::stream).toList();
    }

    /** The stretches of time in which more than the threshold are present. */
    private static Stream<Episode> exceeded(List<Presence> presences, Rule rule) {
        Map<Instant, Integer> steps = new TreeMap<>();
        for (var presence : presences) {
            steps.merge(presence.first(), 1, Integer::sum);
            steps.merge(presence.until(rule.window()), -1, Integer::sum);
        }
        var stretches = Stream.<Episode>builder();
        Instant since = null;
        var present = 0;
        for (var step : steps.entrySet()) {
            present += step.getValue();
            if (present > rule.threshold() && since == null) {
                since = step.getKey();
            } else if (present <= rule.threshold() && since != null) {
                stretches.add(new Episode(null, since, step.getKey()));
                since = null;
            }
        }
        return stretches.build();
    }

    static void join(Stream<Episode> stretches, Duration window, List<Episode> episodes, List<UUID> absorbed) {
        stretches.sorted(comparing(Episode::start)).forEach(next -> {
            if (episodes.isEmpty() || !episodes.getLast().reaches(next, window)) {
                episodes.add(next);
                return;
            }
            var current = episodes.removeLast();
            if (current.id() != null && next.id() != null) {
                absorbed.add(next.id());
            }
            episodes.add(current.and(next));
        });
    }

    private static List<String> subjectsAt(Instant moment, List<Presence> presences, Duration window) {
        return presences.stream()
                .filter(presence -> presence.at(moment, window))
                .map(Presence::subject)
                .toList();
    }
}
