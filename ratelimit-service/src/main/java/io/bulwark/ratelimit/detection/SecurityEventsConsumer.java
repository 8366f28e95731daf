package io.bulwark.ratelimit.detection;

import io.bulwark.events.AttackEvent;
import io.bulwark.events.CloudEvent;
import io.bulwark.events.Envelope;
import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.FloodDetected;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.events.SecurityEvent;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.events.SecurityEvent.RefreshTokenReused;
import io.bulwark.kit.inbox.Inbox;
import io.bulwark.ratelimit.anomaly.AnomalyDetector;
import io.bulwark.ratelimit.detection.Misdeed.Kind;
import io.bulwark.ratelimit.rule.RuleFeed;
import io.bulwark.ratelimit.signin.GoodSignIns;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hands what is reported to whoever counts it. */
@ApplicationScoped
class SecurityEventsConsumer {
    private final Inbox inbox;
    private final Detector detector;
    private final GoodSignIns goodSignIns;
    private final AnomalyDetector anomalies;
    private final RuleFeed rules;

    SecurityEventsConsumer(
            Inbox inbox, Detector detector, GoodSignIns goodSignIns, AnomalyDetector anomalies, RuleFeed rules) {
        this.inbox = inbox;
        this.detector = detector;
        this.goodSignIns = goodSignIns;
        this.anomalies = anomalies;
        this.rules = rules;
    }

    @Incoming("security-events")
    @Blocking
    void on(ConsumerRecords<String, byte[]> batch) {
        rules.awaitLoaded(); // the allowlist is one of them
        inbox.consumeAll(batch, SecurityEvent.class, this::handle);
    }

    private void handle(List<CloudEvent<SecurityEvent>> events) {
        var reports = new ArrayList<Report>();
        var signIns = new ArrayList<CloudEvent<LoginSucceeded>>();
        var summaries = new ArrayList<CloudEvent<RequestSummary>>();
        for (var event : events) {
            var envelope = event.envelope();
            switch (event.data()) {
                case LoginFailed failed -> reports.add(report(failed, envelope));
                case LoginSucceeded in -> signIns.add(new CloudEvent<>(envelope, in));
                case AccessDenied denied ->
                    reports.add(report(Kind.ACCESS_DENIED, denied.address(), denied.count(), envelope));
                case WafBlocked blocked ->
                    reports.add(report(Kind.WAF_BLOCKED, blocked.address(), blocked.count(), envelope));
                case FloodDetected flood -> reports.add(report(Kind.FLOODED, flood.target(), 1, envelope));
                case RequestSummary summary -> summaries.add(new CloudEvent<>(envelope, summary));
                case AccountLocked ignored -> {}
                case AccountUnlocked ignored -> {}
                case RefreshTokenReused ignored -> {}
                // our own conclusions come back: counting them would conclude from conclusions
                case AttackEvent ignored -> {}
            }
        }
        // before the failures of the same batch are judged by them
        goodSignIns.remember(signIns);
        detector.observe(reports);
        anomalies.observe(summaries);
    }

    private static Report report(LoginFailed failed, Envelope envelope) {
        return new Report(Kind.LOGIN_FAILED, failed.address(), 1, failed.account(), failed.userId(), envelope);
    }

    private static Report report(Kind kind, String address, int count, Envelope envelope) {
        return new Report(kind, address, count, null, null, envelope);
    }
}
