package io.bulwark.incident.detection;

import io.bulwark.events.AttackEvent;
import io.bulwark.events.CloudEvent;
import io.bulwark.events.GatewayEvent;
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
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Counts failed logins, per application. */
@ApplicationScoped
class SecurityEventsConsumer {
    private final Inbox inbox;
    private final Detection detection;

    SecurityEventsConsumer(Inbox inbox, Detection detection) {
        this.inbox = inbox;
        this.detection = detection;
    }

    @Incoming("security-events")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consumeAll(
                batch,
                SecurityEvent.class,
                events -> detection.observe(
                        Rule.FAILED_LOGINS,
                        events.stream()
                                .map(SecurityEventsConsumer::failedLogin)
                                .flatMap(Optional::stream)
                                .toList()));
    }

    private static Optional<Observation> failedLogin(CloudEvent<SecurityEvent> event) {
        return switch (event.data()) {
            case LoginFailed failed -> Optional.of(Observation.ofEvent(event, "", failed.address()));
            case LoginSucceeded succeeded -> Optional.empty();
            case AccountLocked locked -> Optional.empty();
            case AccountUnlocked unlocked -> Optional.empty();
            case RefreshTokenReused reused -> Optional.empty();
            case GatewayEvent seen -> Optional.empty();
            case AttackEvent attack -> Optional.empty();
        };
    }
}
