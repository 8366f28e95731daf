package io.bulwark.ratelimit.detection;

import io.bulwark.events.AttackEvent;
import io.bulwark.events.CloudEvent;
import io.bulwark.events.GatewayEvent;
import io.bulwark.events.SecurityEvent;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.events.SecurityEvent.RefreshTokenReused;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Hands failed sign-ins to the detector. */
@ApplicationScoped
class SecurityEventsConsumer {
    private final Inbox inbox;
    private final LoginDetector detector;

    SecurityEventsConsumer(Inbox inbox, LoginDetector detector) {
        this.inbox = inbox;
        this.detector = detector;
    }

    @Incoming("security-events")
    @Blocking
    void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consumeAll(batch, SecurityEvent.class, this::handle);
    }

    private void handle(List<CloudEvent<SecurityEvent>> events) {
        var failures = new ArrayList<FailedLogin>();
        for (var event : events) {
            switch (event.data()) {
                case LoginFailed failed -> failures.add(new FailedLogin(failed.address(), event.envelope()));
                case LoginSucceeded ignored -> {}
                case AccountLocked ignored -> {}
                case AccountUnlocked ignored -> {}
                case RefreshTokenReused ignored -> {}
                case GatewayEvent ignored -> {}
                case AttackEvent ignored -> {}
            }
        }
        if (!failures.isEmpty()) {
            detector.count(failures);
        }
    }
}
