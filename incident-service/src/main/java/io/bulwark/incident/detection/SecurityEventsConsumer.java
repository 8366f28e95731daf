package io.bulwark.incident.detection;

import io.bulwark.events.AttackEvent;
import io.bulwark.events.AttackEvent.CredentialStuffingDetected;
import io.bulwark.events.AttackEvent.DistributedFloodDetected;
import io.bulwark.events.AttackEvent.PasswordSprayingDetected;
import io.bulwark.events.AttackEvent.RateAnomalyDetected;
import io.bulwark.events.CloudEvent;
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
import io.bulwark.incident.rule.Rule;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hands each event to the rule that counts it, per application. What a detector only watches is nobody's incident. */
@ApplicationScoped
class SecurityEventsConsumer {
    private final Inbox inbox;
    private final Detection detection;
    private final TrafficDetection traffic;

    SecurityEventsConsumer(Inbox inbox, Detection detection, TrafficDetection traffic) {
        this.inbox = inbox;
        this.detection = detection;
        this.traffic = traffic;
    }

    @Incoming("security-events")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consumeAll(batch, SecurityEvent.class, this::handle);
    }

    private void handle(List<CloudEvent<SecurityEvent>> events) {
        // By name, so that two replicas that take several rules' locks take them in one order.
        var observations = new TreeMap<String, List<Observation>>();
        var summaries = new ArrayList<CloudEvent<RequestSummary>>();
        for (var event : events) {
            counted(event)
                    .ifPresent(counted -> observations
                            .computeIfAbsent(counted.rule(), rule -> new ArrayList<>())
                            .add(counted.observation()));
            if (event.data() instanceof RequestSummary summary) {
                summaries.add(new CloudEvent<>(event.envelope(), summary));
            }
        }
        observations.forEach(detection::observe);
        traffic.observe(summaries);
    }

    private record Counted(String rule, Observation observation) {}

    private static Optional<Counted> counted(CloudEvent<SecurityEvent> event) {
        return switch (event.data()) {
            case LoginFailed failed -> counted(Rule.FAILED_LOGINS, event, failed.address());
            case LoginSucceeded succeeded -> Optional.empty();
            case AccountLocked locked -> Optional.empty();
            case AccountUnlocked unlocked -> Optional.empty();
            case RefreshTokenReused reused -> Optional.empty();
            case AccessDenied denied -> Optional.empty();
            case WafBlocked blocked -> Optional.empty();
            case RequestSummary summary -> Optional.empty();
            case FloodDetected flood -> counted(Rule.FLOODS, event, flood.target());
            case CredentialStuffingDetected attack -> attack(Rule.CREDENTIAL_STUFFING, event, attack, attack.target());
            case PasswordSprayingDetected attack -> attack(Rule.PASSWORD_SPRAYING, event, attack, attack.account());
            case DistributedFloodDetected attack -> attack(Rule.FLOODS, event, attack, attack.network());
            case RateAnomalyDetected attack -> attack(Rule.RATE_ANOMALIES, event, attack, attack.key());
        };
    }

    private static Optional<Counted> attack(
            String rule, CloudEvent<SecurityEvent> event, AttackEvent attack, String subject) {
        return attack.shadow() ? Optional.empty() : counted(rule, event, subject);
    }

    private static Optional<Counted> counted(String rule, CloudEvent<SecurityEvent> event, String subject) {
        return Optional.of(new Counted(rule, Observation.ofEvent(event, "", subject)));
    }
}
