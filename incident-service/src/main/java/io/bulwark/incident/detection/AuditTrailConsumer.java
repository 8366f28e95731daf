package io.bulwark.incident.detection;

import io.bulwark.events.AuditEvent;
import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.events.CloudEvent;
import io.bulwark.incident.rule.Rule;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Counts what administrators do, per application. */
@ApplicationScoped
class AuditTrailConsumer {
    private final Inbox inbox;
    private final Detection detection;

    AuditTrailConsumer(Inbox inbox, Detection detection) {
        this.inbox = inbox;
        this.detection = detection;
    }

    @Incoming("audit-trail")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consumeAll(
                batch,
                AuditEvent.class,
                events -> detection.observe(
                        Rule.ADMIN_ACTIONS,
                        events.stream()
                                .map(AuditTrailConsumer::adminAction)
                                .flatMap(Optional::stream)
                                .toList()));
    }

    private static Optional<Observation> adminAction(CloudEvent<AuditEvent> event) {
        return switch (event.data()) {
            case ActionRecorded action ->
                action.outcome() == Outcome.ALLOWED && action.roles().contains(Roles.ADMIN)
                        ? Optional.of(Observation.ofEvent(
                                event, "", action.actorName() == null ? action.actorId() : action.actorName()))
                        : Optional.empty();
        };
    }
}
