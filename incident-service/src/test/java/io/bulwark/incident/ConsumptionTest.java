package io.bulwark.incident;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.EventTypes;
import io.bulwark.events.ResponseOutcome;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.kit.inbox.Inbox;
import io.bulwark.testkit.SuiteTest;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.Test;

/** How the service's inbox consumes, whatever the handler. */
@SuiteTest
class ConsumptionTest {
    private final Inbox inbox;

    ConsumptionTest(Inbox inbox) {
        this.inbox = inbox;
    }

    @Test
    void goesOnAfterAnError() {
        var failed = new AtomicBoolean();
        var handled = new ArrayList<CloudEvent<ResponseOutcome>>();

        inbox.consumeAll(batch(), ResponseOutcome.class, events -> {
            if (failed.compareAndSet(false, true)) {
                throw new OutOfMemoryError("Once");
            }
            handled.addAll(events);
        });

        assertThat(handled).hasSize(1);
    }

    private static ConsumerRecords<String, byte[]> batch() {
        var outcome = new ActionDone("command", "incident", "Blocked");
        var envelope = new Envelope(
                EventIds.next().toString(),
                "/bulwark/ratelimit-service",
                EventTypes.nameOf(ActionDone.class),
                null,
                Instant.now(),
                "shop",
                null);
        var consumed = new ConsumerRecord<>("of-a-test", 0, 0, "key", CloudEventBinding.data(outcome));
        CloudEventBinding.headers(envelope)
                .forEach((name, text) -> consumed.headers().add(name, text.getBytes(UTF_8)));
        return new ConsumerRecords<>(Map.of(new TopicPartition("of-a-test", 0), List.of(consumed)), Map.of());
    }
}
