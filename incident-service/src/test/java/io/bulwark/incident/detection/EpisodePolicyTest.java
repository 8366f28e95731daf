package io.bulwark.incident.detection;

import static java.util.Comparator.comparing;
import static java.util.stream.Collectors.toCollection;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.incident.rule.Rule;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class EpisodePolicyTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final Duration WINDOW = Duration.ofMinutes(1);
    private static final Rule RULE = rule(10);

    private final List<Presence> memory = new ArrayList<>();
    private final Map<UUID, Episode> episodes = new HashMap<>();
    private int opened;

    @Test
    void exactlyTheThresholdIsNoEpisode() {
        observe(RULE, every(1_000, 10));

        assertThat(episodes).isEmpty();
    }

    @Test
    void oneMoreIsAnEpisodeFromThatEventOn() {
        observe(RULE, every(1_000, 11));

        assertThat(episodes.values()).singleElement().satisfies(episode -> {
            assertThat(episode.start()).isEqualTo(START.plusSeconds(10));
            assertThat(episode.end())
                    .as("when the first of them leaves the window")
                    .isEqualTo(START.plusSeconds(60));
        });
    }

    @Test
    void aWindowsLengthApartIsNotTogether() {
        observe(RULE, every(6_000, 11)); // the first and the last are 60 s apart

        assertThat(episodes).isEmpty();
    }

    @Test
    void justLessThanAWindowsLengthApartIsTogether() {
        var times = new ArrayList<>(every(6_000, 10));
        times.add(START.plusMillis(59_999));
        observe(RULE, times);

        assertThat(opened).isEqualTo(1);
    }

    @Test
    void aBurstThatLiesAcrossTheMinuteIsSeen() {
        observe(
                RULE,
                LongStream.range(0, 11).mapToObj(i -> START.plusSeconds(55 + i)).toList());

        assertThat(opened).isEqualTo(1);
    }

    @Test
    void theDecidingEventMayArriveFirst() {
        var times = new ArrayList<>(every(1_000, 11));
        Collections.reverse(times);
        times.forEach(time -> observe(RULE, List.of(time)));

        assertThat(episodes.values())
                .singleElement()
                .satisfies(episode -> assertThat(episode.start()).isEqualTo(START.plusSeconds(10)));
        assertThat(opened).isEqualTo(1);
    }

    @Test
    void aFloodIsOneEpisodeAndTakesNoMoreRoomThanTheThreshold() {
        for (var minute = 0; minute < 30; minute++) {
            var from = START.plus(Duration.ofMinutes(minute));
            observe(
                    RULE,
                    LongStream.range(0, 600)
                            .mapToObj(i -> from.plusMillis(i * 100))
                            .toList());
        }

        assertThat(opened).isEqualTo(1);
        assertThat(memory).hasSizeLessThanOrEqualTo(2 * RULE.threshold());
    }

    @Test
    void lessThanAFullWindowBelowIsTheSameEpisode() {
        observe(RULE, every(1_000, 11)); // ends at 60 s
        observe(RULE, from(START.plusSeconds(109), 11)); // begins at 119 s

        assertThat(opened).isEqualTo(1);
        assertThat(episodes).hasSize(1);
    }

    @Test
    void afterAFullWindowBelowASecondEpisodeBegins() {
        observe(RULE, every(1_000, 11)); // ends at 60 s
        observe(RULE, from(START.plusSeconds(110), 11)); // begins at 120 s

        assertThat(opened).isEqualTo(2);
        assertThat(episodes).hasSize(2);
    }

    @Test
    void lateEventsThatJoinTwoEpisodesLeaveTheEarlier() {
        observe(RULE, every(1_000, 11));
        observe(RULE, from(START.plusSeconds(130), 11));
        assertThat(episodes).hasSize(2);

        observe(RULE, from(START.plusSeconds(70), 11));

        assertThat(opened).isEqualTo(2);
        assertThat(episodes.values())
                .singleElement()
                .satisfies(episode -> assertThat(episode.start()).isEqualTo(START.plusSeconds(10)));
    }

    @Test
    void aBacklogSpreadOverTimeIsNoAttack() {
        observe(RULE, every(60_000, 500));

        assertThat(episodes).isEmpty();
    }

    @Test
    void theSameValueCountsOnceForAsLongAsItIsInTheWindow() {
        var blocks = rule(5);
        for (var i = 0; i < 10; i++) {
            observe(blocks, "203.0.113.7", START.plusSeconds(i));
        }
        for (var i = 1; i < 5; i++) {
            observe(blocks, "203.0.113." + (7 + i), START.plusSeconds(20));
        }
        assertThat(episodes).isEmpty();

        observe(blocks, "203.0.113.99", START.plusSeconds(69).minusMillis(1)); // .7 was last seen at 9 s

        assertThat(opened).isEqualTo(1);
    }

    @Test
    void aThresholdOfNoneMakesTheFirstAnEpisode() {
        observe(rule(0), List.of(START));

        assertThat(opened).isEqualTo(1);
        assertThat(memory).isEmpty();
    }

    /** The definition, tried at every moment, against what comes of any order of arrival in any batches. */
    @Test
    void anyOrderOfArrivalComesToTheSameEpisodes() {
        var random = new Random(7);
        for (var round = 0; round < 200; round++) {
            memory.clear();
            episodes.clear();
            var rule = rule(random.nextInt(4));
            var seen = IntStream.range(0, 60)
                    .mapToObj(i -> new Observation(
                            "shop", "", "v" + random.nextInt(8), "s", START.plusSeconds(random.nextInt(1_200))))
                    .collect(toCollection(ArrayList::new));
            var expected = byDefinition(rule, seen);
            Collections.shuffle(seen, random);
            for (var from = 0; from < seen.size(); ) {
                var to = Math.min(seen.size(), from + 1 + random.nextInt(10));
                judge(rule, seen.subList(from, to));
                from = to;
            }

            assertThat(episodes.values().stream()
                            .sorted(comparing(Episode::start))
                            .map(episode -> List.of(episode.start(), episode.end())))
                    .as("round %d, threshold %d", round, rule.threshold())
                    .containsExactlyElementsOf(expected);
        }
    }

    private static List<List<Instant>> byDefinition(Rule rule, List<Observation> seen) {
        var found = new ArrayList<List<Instant>>();
        Instant start = null;
        Instant end = null;
        for (var second = 0; second < 1_400; second++) {
            var now = START.plusSeconds(second);
            var distinct = seen.stream()
                    .filter(o -> !o.time().isAfter(now) && o.time().plus(WINDOW).isAfter(now))
                    .map(Observation::value)
                    .distinct()
                    .count();
            if (distinct > rule.threshold()) {
                if (start != null && !now.isBefore(end.plus(WINDOW))) {
                    found.add(List.of(start, end));
                    start = null;
                }
                start = start == null ? now : start;
                end = now.plusSeconds(1);
            }
        }
        if (start != null) {
            found.add(List.of(start, end));
        }
        return found;
    }

    private void observe(Rule rule, List<Instant> times) {
        judge(
                rule,
                times.stream()
                        .map(time ->
                                new Observation("shop", "", UUID.randomUUID().toString(), "203.0.113.7", time))
                        .toList());
    }

    private void observe(Rule rule, String value, Instant time) {
        judge(rule, List.of(new Observation("shop", "", value, value, time)));
    }

    /** As {@link Detection} does it, with the memory in lists. */
    private void judge(Rule rule, List<Observation> fresh) {
        var from = Collections.min(fresh, comparing(Observation::time)).time();
        var to = Collections.max(fresh, comparing(Observation::time)).time().plus(WINDOW);
        var known = memory.stream()
                .filter(p -> !p.until(WINDOW).isBefore(from) && !p.first().isAfter(to))
                .toList();
        var near = episodes.values().stream()
                .filter(e -> !e.end().isBefore(from.minus(WINDOW)) && !e.start().isAfter(to.plus(WINDOW)))
                .toList();

        var verdict = EpisodePolicy.judge(rule, known, near, fresh);

        memory.removeAll(known);
        memory.addAll(verdict.presences());
        verdict.absorbed().forEach(episodes::remove);
        for (var episode : verdict.episodes()) {
            var id = episode.id() == null ? UUID.randomUUID() : episode.id();
            opened += episode.id() == null ? 1 : 0;
            episodes.put(id, new Episode(id, episode.start(), episode.end()));
        }
    }

    private static List<Instant> every(long millis, int count) {
        return LongStream.range(0, count)
                .mapToObj(i -> START.plusMillis(i * millis))
                .toList();
    }

    private static List<Instant> from(Instant start, int count) {
        return LongStream.range(0, count).mapToObj(start::plusSeconds).toList();
    }

    private static Rule rule(int threshold) {
        return new Rule("rule", "Rule", "A rule", Severity.P1, threshold, WINDOW, true);
    }
}
