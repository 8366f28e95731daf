package io.bulwark.incident.detection;

import io.bulwark.events.BackupEvent;
import io.bulwark.events.BackupEvent.BackupCompleted;
import io.bulwark.events.BackupEvent.BackupFailed;
import io.bulwark.events.CloudEvent;
import io.bulwark.incident.rule.Rule;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Counts failed backups, per source. */
@ApplicationScoped
class BackupsConsumer {
    private final Inbox inbox;
    private final Detection detection;

    BackupsConsumer(Inbox inbox, Detection detection) {
        this.inbox = inbox;
        this.detection = detection;
    }

    @Incoming("backups")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consumeAll(
                batch,
                BackupEvent.class,
                events -> detection.observe(
                        Rule.BACKUP_FAILED,
                        events.stream()
                                .map(BackupsConsumer::failed)
                                .flatMap(Optional::stream)
                                .toList()));
    }

    private static Optional<Observation> failed(CloudEvent<BackupEvent> event) {
        return switch (event.data()) {
            case BackupFailed failed ->
                Optional.of(Observation.ofEvent(
                        event, failed.source(), (failed.step() == null ? "" : failed.step() + ": ") + failed.reason()));
            case BackupCompleted completed -> Optional.empty();
        };
    }
}
