package io.bulwark.testkit;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.SuiteEvent;
import io.bulwark.events.Topic;
import io.bulwark.events.UnreadableEvent;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.clients.consumer.CloseOptions;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** Sees what is written to a topic from the moment it was opened, as the read-only principal {@code consumer}. */
public final class EventProbe implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private final KafkaConsumer<String, byte[]> consumer;
    private final List<ConsumerRecord<String, byte[]>> seen = new ArrayList<>();

    private EventProbe(String topic) {
        var config = KafkaClients.as("consumer");
        config.put("isolation.level", "read_committed");
        config.put("enable.auto.commit", false);
        consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer());
        var partitions = consumer.partitionsFor(topic).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        consumer.assign(partitions);
        consumer.seekToEnd(partitions);
        partitions.forEach(consumer::position);
    }

    public static EventProbe on(Topic topic) {
        return new EventProbe(topic.topicName());
    }

    /** For dead letters. */
    public static EventProbe on(String topic) {
        return new EventProbe(topic);
    }

    /** Waits for the first event of this type that the test is looking for. */
    public <E extends SuiteEvent> CloudEvent<E> await(Class<E> type, Predicate<E> wanted) {
        return awaitCount(type, wanted, 1).getFirst();
    }

    /** Waits until so many were seen; returns all that were. */
    public <E extends SuiteEvent> List<CloudEvent<E>> awaitCount(Class<E> type, Predicate<E> wanted, int count) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            var found = find(type, wanted);
            if (found.size() >= count) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw new AssertionError("Saw %d of %d %s in %s; %d records in all"
                        .formatted(found.size(), count, type.getSimpleName(), PATIENCE, seen.size()));
            }
            poll(Duration.ofMillis(50));
        }
    }

    /** What has been seen when nothing more came for a while: to assert that something did not happen. */
    public <E extends SuiteEvent> List<CloudEvent<E>> seenAfter(Duration quiet, Class<E> type, Predicate<E> wanted) {
        if (!quiet.isPositive()) {
            throw new IllegalArgumentException("Nothing is seen in no time");
        }
        var deadline = System.nanoTime() + quiet.toNanos();
        while (System.nanoTime() < deadline) {
            poll(Duration.ofMillis(50));
        }
        return find(type, wanted);
    }

    /** Waits for a record that need not be a CloudEvent. */
    public ConsumerRecord<String, byte[]> awaitRecord(Predicate<ConsumerRecord<String, byte[]>> wanted) {
        var deadline = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < deadline) {
            var found = seen.stream().filter(wanted).findFirst();
            if (found.isPresent()) {
                return found.get();
            }
            poll(Duration.ofMillis(50));
        }
        throw new AssertionError("No such record in " + PATIENCE);
    }

    private void poll(Duration patience) {
        consumer.poll(patience).forEach(seen::add);
    }

    private <E extends SuiteEvent> List<CloudEvent<E>> find(Class<E> type, Predicate<E> wanted) {
        var found = new ArrayList<CloudEvent<E>>();
        for (var consumed : seen) {
            if (consumed.value() != null) {
                try {
                    CloudEventBinding.read(consumed.headers(), consumed.value(), type)
                            .filter(event -> wanted.test(event.data()))
                            .ifPresent(found::add);
                } catch (UnreadableEvent e) {
                    continue; // rubbish that a test sent on purpose
                }
            }
        }
        return found;
    }

    @Override
    public void close() {
        consumer.close(CloseOptions.timeout(Duration.ZERO)); // or it waits for the answer to its last fetch
    }
}
