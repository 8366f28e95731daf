package io.bulwark.incident.detection;

import static io.bulwark.incident.Api.incidentsOf;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.EventTypes;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.incident.Incidents;
import io.bulwark.incident.rule.Rule;
import io.bulwark.incident.rule.Rules;
import io.bulwark.testkit.SuiteTest;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.persistence.EntityManager;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When what summaries say is judged: by a clock so far ahead that the service itself does not look meanwhile. */
@SuiteTest
class TrafficJudgeTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final Memory memory;
    private final TrafficMemory traffic;
    private final TimeBounds bounds;
    private final Rules rules;
    private final Incidents incidents;
    private final IncidentConfig config;
    private final Jdbc jdbc;
    private final EntityManager entities;
    private TrafficDetection detection;
    private TrafficJudge judge;
    private Duration grace;
    private Instant start;
    private Instant now;
    private String application;

    TrafficJudgeTest(
            Memory memory,
            TrafficMemory traffic,
            TimeBounds bounds,
            Rules rules,
            Incidents incidents,
            IncidentConfig config,
            Jdbc jdbc,
            EntityManager entities) {
        this.memory = memory;
        this.traffic = traffic;
        this.bounds = bounds;
        this.rules = rules;
        this.incidents = incidents;
        this.config = config;
        this.jdbc = jdbc;
        this.entities = entities;
    }

    @BeforeEach
    void setTheClock() {
        detection = new TrafficDetection(memory, traffic, bounds, config, () -> now);
        judge = new TrafficJudge(memory, traffic, rules, incidents, config, () -> now);
        grace = config.rules().trafficGrace();
        start = Instant.now().truncatedTo(ChronoUnit.MINUTES).plus(Duration.ofMinutes(30));
        now = start;
        application = "app-" + UUID.randomUUID().toString().substring(0, 8);
    }

    @Test
    void aMomentThatIsToldInPartsIsJudgedByAllOfThem() {
        tell("/basket", 0, 20, 2);
        judgeAt(start.plus(grace.dividedBy(2)));
        tell("/orders", 0, 400, 0);
        judgeAt(start.plus(grace));
        judgeAt(start.plus(grace.multipliedBy(2)));

        assertThat(incidentsOf(application)).isEmpty();
    }

    @Test
    void aMomentWaitsForTheRestOfWhatCountsWithIt() {
        tell("/orders", 0, 20, 0);
        judgeAt(start.plus(MINUTE));
        tell("/orders", 1, 20, 4);
        judgeAt(now.plus(grace.dividedBy(2)));
        tell("/basket", 0, 10, 0);
        judgeAt(now.plus(grace.dividedBy(2)));
        tell("/basket", 0, 400, 0);
        judgeAt(now.plus(grace));
        judgeAt(now.plus(grace));

        assertThat(incidentsOf(application)).isEmpty();
    }

    @Test
    void whatIsToldLateIsJudgedInItsOwnTime() {
        tell("/orders", 0, 100, 5);
        judgeAt(start.plus(grace));
        tell("/orders", 1, 100, 0);
        judgeAt(start.plus(MINUTE).plus(grace));
        assertThat(incidentsOf(application)).isEmpty();

        tell("/basket", 0, 100, 95);
        judgeAt(now.plus(grace));

        assertThat(incidentsOf(application))
                .extracting(incident -> incident.get("detectedAt"))
                .containsExactly(start.toString());
    }

    @Test
    void goodRequestsThatLeaveTheWindowMakeNoShareRiseWhileThoseThatFollowAreYetToBeTold() {
        tell("/orders", -4, 1_000, 0);
        tell("/orders", 0, 100, 20);
        judgeAt(start.plus(MINUTE).plus(grace));
        tell("/orders", 1, 1_000, 0);
        for (var minute = 1; minute < 30; minute++) {
            judgeAt(start.plus(MINUTE.multipliedBy(minute)).plus(grace.multipliedBy(2)));
        }

        assertThat(incidentsOf(application)).isEmpty();
    }

    @Test
    void theyDoWhenNothingFollowed() {
        tell("/orders", -4, 1_000, 0);
        tell("/orders", 0, 100, 20);
        judgeAt(start.plus(grace));
        assertThat(incidentsOf(application)).isEmpty();

        judgeAt(start.plus(MINUTE.multipliedBy(5)).plus(grace));

        assertThat(incidentsOf(application))
                .extracting(incident -> incident.get("detectedAt"))
                .containsExactly(start.plus(MINUTE).toString());
    }

    @Test
    void anEpisodeGoesOnThroughASilenceOfLessThanAWindow() {
        now = start.plus(MINUTE.multipliedBy(20));
        tell("/orders", 0, 100, 50);
        tell("/orders", 9, 100, 50);
        tell("/orders", 19, 100, 50);
        judgeAt(now.plus(grace));

        assertThat(incidentsOf(application))
                .extracting(incident -> incident.get("detectedAt"))
                .containsExactlyInAnyOrder(
                        start.toString(), start.plus(MINUTE.multipliedBy(19)).toString());
    }

    @Test
    void aRuleWaitsForItsOwnWindowHoweverLongAnotherIs() {
        var shorter = windowOf(Rule.RESPONSE_TIME, Duration.ofHours(1));
        try {
            tell("/orders", -4, 1_000, 0);
            tell("/orders", 0, 100, 20);
            judgeAt(start.plus(grace));
            judgeAt(start.plus(MINUTE.multipliedBy(5)).plus(grace));
        } finally {
            windowOf(Rule.RESPONSE_TIME, shorter);
        }

        assertThat(incidentsOf(application)).hasSize(1);
    }

    @Test
    void anApplicationThatCannotBeJudgedStopsNoOther() {
        var broken = "a-" + application;
        tell(broken, "/orders", 0, 100, 50);
        tell("/orders", 0, 100, 50);
        var failing = new TrafficMemory(jdbc) {
            @Override
            List<Due> due(String application, Instant now, int limit) {
                if (application.equals(broken)) {
                    throw new IllegalStateException("away");
                }
                return super.due(application, now, limit);
            }
        };
        judge = new TrafficJudge(memory, failing, rules, incidents, config, () -> now);

        judgeAt(start.plus(grace));

        assertThat(incidentsOf(application)).hasSize(1);
        assertThat(incidentsOf(broken)).isEmpty();
    }

    @Test
    void consumersOfAnApplicationNeedNotWaitUntilAllOfItIsJudged() {
        for (var minute = 0; minute < 9; minute++) {
            tell("/orders", minute, 100, 0);
        }
        now = start.plus(MINUTE.multipliedBy(9));
        judge = new TrafficJudge(memory, traffic, rules, incidents, config, () -> now = now.plusMillis(300));

        judge.judge();

        assertThat(traffic.due(application, now, 9)).hasSizeBetween(1, 8);
    }

    @Test
    void whoGoesOnAddingToWhatIsOverPostponesAJudgementByOneWindow() {
        tell("/orders", 0, 100, 50);
        now = start.plus(grace.dividedBy(2));
        tell("/basket", -1, 1, 0);
        judgeAt(start.plus(grace));
        assertThat(incidentsOf(application)).isEmpty();

        now = start.plus(MINUTE.multipliedBy(5)).minus(grace.dividedBy(2));
        tell("/basket", -1, 1, 0);
        tell("/basket", 0, 1, 0);
        judgeAt(start.plus(MINUTE.multipliedBy(5)));

        assertThat(incidentsOf(application)).hasSize(1);
    }

    @Test
    void whatEndsTooFarAheadIsRefused() {
        var anHourBefore = new TimeBounds(new SimpleMeterRegistry(), () -> start.minus(Duration.ofHours(1)));
        detection = new TrafficDetection(memory, traffic, anHourBefore, config, () -> now);
        tell("/orders", 0, 100, 50);
        tell("/orders", 1, 100, 50);

        assertThat(traffic.between(application, start.minus(MINUTE), start.plus(Duration.ofHours(1))))
                .extracting(Traffic::until)
                .containsExactly(start);
    }

    /** Fails where it could not be judged, which would else look like nothing found. */
    private void judgeAt(Instant moment) {
        now = moment;
        judge.judge();
        assertThat(traffic.due(application, now, 1)).isEmpty();
    }

    /** Sets a rule's window for all; returns what it was. */
    private Duration windowOf(String rule, Duration window) {
        return QuarkusTransaction.requiringNew().call(() -> {
            var before = rules.named(rule).window();
            entities.createNativeQuery("update alert_rule set window_seconds = :seconds where name = :rule")
                    .setParameter("seconds", window.toSeconds())
                    .setParameter("rule", rule)
                    .executeUpdate();
            return before;
        });
    }

    /** Tells what an endpoint answered in the minute that ended so many after the start. */
    private void tell(String endpoint, int minute, long requests, long errors) {
        tell(application, endpoint, minute, requests, errors);
    }

    private void tell(String application, String endpoint, int minute, long requests, long errors) {
        var from = start.plus(MINUTE.multipliedBy(minute - 1));
        var summary = new RequestSummary(
                endpoint,
                from,
                MINUTE,
                requests,
                0,
                requests - errors,
                0,
                0,
                errors,
                null,
                null,
                null,
                null,
                null,
                null);
        var envelope = new Envelope(
                EventIds.next().toString(),
                "/gateways/edge",
                EventTypes.nameOf(RequestSummary.class),
                null,
                from,
                application,
                null);
        QuarkusTransaction.requiringNew().run(() -> detection.observe(List.of(new CloudEvent<>(envelope, summary))));
    }
}
