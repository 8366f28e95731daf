package io.bulwark.ratelimit.anomaly;

import io.bulwark.events.AttackEvent.RateAnomalyDetected;
import io.bulwark.events.EventIds;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.ratelimit.anomaly.AnomalyPolicy.Judgement;
import io.bulwark.ratelimit.episode.Episode;
import io.bulwark.ratelimit.episode.Episode.Outcome;
import io.bulwark.ratelimit.episode.Episodes;
import io.bulwark.ratelimit.episode.Span;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judges intervals against what was usual before, keeps what they teach, and tells of an anomaly once. */
@ApplicationScoped
class RateJudge {
    static final String POLICY = "rate-anomaly";

    /** An anomaly that stopped for so long and comes back is another one. */
    private static final Duration QUIET = Duration.ofHours(1);

    private final AnomalyConfig config;
    private final AnomalyPolicy policy;
    private final SeasonalBaseline baseline;
    private final Duration interval;
    private final RateTable table;
    private final Episodes episodes;
    private final Outbox outbox;
    private final InstantSource clock;

    RateJudge(AnomalyConfig config, RateTable table, Episodes episodes, Outbox outbox, InstantSource clock) {
        this.config = config;
        this.policy = new AnomalyPolicy(config.score(), config.ratio(), config.minRequests());
        this.baseline = new SeasonalBaseline(config.weeks(), config.zone());
        this.interval = Duration.ofMinutes(config.intervalMinutes());
        this.table = table;
        this.episodes = episodes;
        this.outbox = outbox;
        this.clock = clock;
    }

    /** @param touched intervals that got more requests */
    void judge(Series series, NavigableSet<Instant> touched) {
        var before = interval.multipliedBy(config.confirmations() - 1L);
        var first = earlier(hourOf(touched.first()), touched.first().minus(before));
        var last = touched.last().plus(before);
        var hourIsOver = hourOf(touched.last()).plus(1, ChronoUnit.HOURS);
        var intervals = table.intervals(series, first, later(last.plus(interval), hourIsOver));
        var known = table.hours(series, hoursOf(intervals.headMap(last, true).navigableKeySet()));
        table.remember(series, summaries(touched, intervals, known));
        var judged = new HashMap<Instant, Optional<Judgement>>();
        for (var end : intervals.subMap(touched.first(), true, last, true).keySet()) {
            conclude(series, end, intervals, at -> judged.computeIfAbsent(at, one -> judgement(one, intervals, known)));
        }
    }

    private interface Judged {
        Optional<Judgement> at(Instant interval);
    }

    /** An anomaly where this interval and those before it, as many as it takes, had too many requests. */
    private void conclude(Series series, Instant end, NavigableMap<Instant, Double> intervals, Judged judged) {
        for (var back = 0; back < config.confirmations(); back++) {
            var at = end.minus(interval.multipliedBy(back));
            if (judged.at(at).filter(Judgement::exceeds).isEmpty()) {
                return;
            }
        }
        var first = end.minus(interval.multipliedBy(config.confirmations() - 1L));
        judged.at(end)
                .ifPresent(judgement ->
                        tell(series, Math.round(intervals.get(end)), judgement, new Span(first, end.plus(interval))));
    }

    private void tell(Series series, long requests, Judgement judgement, Span span) {
        var now = clock.instant();
        var outcome = config.shadow() ? Outcome.WATCHED : Outcome.NOTED;
        var episode = new Episode(
                EventIds.next(), POLICY, series.application(), series.subject(), span, 1, requests, outcome, now);
        if (!episodes.begins(episode, QUIET)) {
            return;
        }
        outbox.publish(
                new RateAnomalyDetected(
                        series.application(),
                        series.endpointOrNull(),
                        requests,
                        judgement.expected(),
                        judgement.threshold(),
                        judgement.score(),
                        interval,
                        span.first(),
                        span.last(),
                        config.shadow()),
                series.application(),
                span.last().isBefore(now) ? span.last() : now);
    }

    private Optional<Judgement> judgement(
            Instant at, NavigableMap<Instant, Double> intervals, Map<Instant, HourSummary> known) {
        var requests = intervals.get(at);
        return requests == null || requests < config.minRequests()
                ? Optional.empty()
                : baseline.at(at.plus(interval.dividedBy(2)), known).map(usual -> policy.judge(requests, usual));
    }

    /** Of each hour touched, as far as it has gone; adds them to what is known. */
    private Map<Instant, HourSummary> summaries(
            NavigableSet<Instant> touched, NavigableMap<Instant, Double> intervals, Map<Instant, HourSummary> known) {
        var summaries = new TreeMap<Instant, HourSummary>();
        touched.forEach(at -> summaries.computeIfAbsent(hourOf(at), hour -> {
            var end = hour.plus(1, ChronoUnit.HOURS);
            var last = intervals.headMap(end, false).lastKey();
            var count = (int) Duration.between(hour, last).dividedBy(interval) + 1;
            var requests = new double[count];
            for (var i = 0; i < count; i++) {
                requests[i] = intervals.getOrDefault(hour.plus(interval.multipliedBy(i)), 0.0);
            }
            var summary = HourSummary.of(requests, baseline.ofHour(hour, known));
            known.put(hour, summary);
            return summary;
        }));
        return summaries;
    }

    private NavigableSet<Instant> hoursOf(NavigableSet<Instant> intervals) {
        var hours = new TreeSet<Instant>();
        for (var at : intervals) {
            hours.addAll(baseline.hours(at.plus(interval.dividedBy(2))));
        }
        intervals.stream().map(RateJudge::hourOf).distinct().forEach(hour -> hours.addAll(baseline.hours(hour)));
        return hours;
    }

    private static Instant earlier(Instant one, Instant other) {
        return one.isBefore(other) ? one : other;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private static Instant hourOf(Instant at) {
        return at.truncatedTo(ChronoUnit.HOURS);
    }
}
