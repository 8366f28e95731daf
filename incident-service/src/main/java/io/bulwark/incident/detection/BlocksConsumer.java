package io.bulwark.incident.detection;

import io.bulwark.events.BlockEvent;
import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.BlockEvent.IpUnblocked;
import io.bulwark.events.CloudEvent;
import io.bulwark.incident.rule.Rule;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Counts distinct blocked addresses, per application. A block that is made again, or for another endpoint, is the same address. */
@ApplicationScoped
class BlocksConsumer {
    private final Inbox inbox;
    private final Detection detection;

    BlocksConsumer(Inbox inbox, Detection detection) {
        this.inbox = inbox;
        this.detection = detection;
    }

    @Incoming("ip-blocked")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consumeAll(
                batch,
                BlockEvent.class,
                events -> detection.observe(
                        Rule.BLOCKED_ADDRESSES,
                        events.stream()
                                .map(BlocksConsumer::blocked)
                                .flatMap(Optional::stream)
                                .toList()));
    }

    private static Optional<Observation> blocked(CloudEvent<BlockEvent> event) {
        return switch (event.data()) {
            case IpBlocked blocked ->
                Optional.of(
                        new Observation(blocked.application(), "", blocked.target(), blocked.target(), event.time()));
            case IpUnblocked unblocked -> Optional.empty();
        };
    }
}
