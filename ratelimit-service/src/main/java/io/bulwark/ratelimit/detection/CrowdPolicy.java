package io.bulwark.ratelimit.detection;

import io.bulwark.ratelimit.episode.Span;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * So many distinct members of a group within the window, by the time at which they were seen, and it is an attack: accounts
 * tried from one place, places that tried one account, places of one network.
 *
 * @param threshold distinct members
 * @param window a minute or more
 * @param duration how long who is blocked for it stays blocked
 * @param block whether anybody is
 * @param shadow conclusions are told as such, and nobody is blocked
 */
record CrowdPolicy(String name, int threshold, Duration window, Duration duration, boolean block, boolean shadow) {
    static final String STUFFING = "credential-stuffing";
    static final String SPRAYING = "password-spraying";
    static final String FLOOD = "distributed-flood";

    static CrowdPolicy of(String name, DetectionConfig.Crowd config) {
        return new CrowdPolicy(
                name, config.threshold(), config.window(), config.duration(), config.block(), config.shadow());
    }

    /** One member, seen at one time. */
    private record Moment(Instant at, String member) {}

    /**
     * What was seen within the window that ends at the last of the times that decided.
     *
     * @param members with the time at which each was seen last, the newest first
     */
    record Evidence(Map<String, Instant> members, long observations, Instant firstAt, Instant lastAt) {}

    /**
     * When there were {@link #threshold} members within the window: spans a window or more apart, in order.
     *
     * @param after what was seen until then does not count
     * @param from older times were decided about before
     */
    List<Span> decide(Collection<Sighting> seen, Instant after, Instant from) {
        var within = new ArrayDeque<Moment>();
        var members = new HashMap<String, Integer>();
        var spans = new ArrayList<Span>();
        for (var moment : moments(seen, after)) {
            within.add(moment);
            members.merge(moment.member(), 1, Integer::sum);
            while (isOut(within.element().at(), moment.at())) {
                members.computeIfPresent(within.remove().member(), (member, times) -> times == 1 ? null : times - 1);
            }
            if (members.size() >= threshold && !moment.at().isBefore(from)) {
                extend(spans, moment.at());
            }
        }
        return spans;
    }

    /** What speaks for the attack at this time. */
    Evidence evidence(Collection<Sighting> seen, Instant after, Instant at) {
        var lastSeen = new HashMap<String, Instant>();
        var observations = 0L;
        var first = at;
        for (var sighting : seen) {
            var last = newest(sighting, after, at);
            if (last == null) {
                continue;
            }
            lastSeen.merge(sighting.member(), last, (one, other) -> one.isAfter(other) ? one : other);
            observations += sighting.count();
            var earliest = counts(sighting.first(), after, at) ? sighting.first() : last;
            first = earliest.isBefore(first) ? earliest : first;
        }
        var members = new LinkedHashMap<String, Instant>();
        lastSeen.entrySet().stream()
                .sorted(Map.Entry.<String, Instant>comparingByValue(Comparator.reverseOrder())
                        .thenComparing(Map.Entry.comparingByKey()))
                .forEach(member -> members.put(member.getKey(), member.getValue()));
        return new Evidence(members, observations, first, at);
    }

    /**
     * As many of the newest sightings as could be needed: before there are {@link #threshold} members, each can have been
     * seen in every minute of the window.
     */
    int most(int fresh) {
        return Math.toIntExact(threshold * (window.toMinutes() + 2)) + fresh;
    }

    private void extend(List<Span> spans, Instant at) {
        if (!spans.isEmpty() && !isOut(spans.getLast().last(), at)) {
            spans.set(spans.size() - 1, new Span(spans.getLast().first(), at));
        } else {
            spans.add(new Span(at, at));
        }
    }

    private boolean counts(Instant at, Instant after, Instant end) {
        return at.isAfter(after) && !at.isAfter(end) && !isOut(at, end);
    }

    private boolean isOut(Instant at, Instant end) {
        return Duration.between(at, end).compareTo(window) >= 0;
    }

    private @Nullable Instant newest(Sighting sighting, Instant after, Instant end) {
        if (counts(sighting.last(), after, end)) {
            return sighting.last();
        }
        return counts(sighting.first(), after, end) ? sighting.first() : null;
    }

    private static List<Moment> moments(Collection<Sighting> seen, Instant after) {
        var moments = new ArrayList<Moment>();
        for (var sighting : seen) {
            if (sighting.first().isAfter(after)) {
                moments.add(new Moment(sighting.first(), sighting.member()));
            }
            if (sighting.last().isAfter(after) && !sighting.last().equals(sighting.first())) {
                moments.add(new Moment(sighting.last(), sighting.member()));
            }
        }
        moments.sort(Comparator.comparing(Moment::at));
        return moments;
    }
}
