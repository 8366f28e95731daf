package io.bulwark.kit.inbox;

import io.bulwark.events.CloudEvent;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.SuiteEvent;
import io.bulwark.events.UnreadableEvent;
import io.bulwark.kit.outbox.TraceContext;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.ShutdownEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.jboss.logging.Logger;

/**
 * Consumes batches so that an event delivered twice is done once: the effect and the fact that it was consumed commit
 * together. A record that cannot be read goes to the topic's dead letters with the reason; whatever else goes wrong is
 * tried again without end, so that nothing is ever skipped.
 */
@ApplicationScoped
public class Inbox {
    private static final Logger LOG = Logger.getLogger(Inbox.class);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
    private static final int TRANSACTION_SECONDS = 120;

    private final InboxTable table;
    private final DeadLetters deadLetters;
    private final MeterRegistry metrics;
    private volatile boolean stopping;

    Inbox(InboxTable table, DeadLetters deadLetters, MeterRegistry metrics) {
        this.table = table;
        this.deadLetters = deadLetters;
        this.metrics = metrics;
    }

    /** Handles the events of one topic, each for itself, in the order of their partition. */
    public <E extends SuiteEvent> void consume(
            ConsumerRecords<String, byte[]> batch, Class<E> family, Consumer<CloudEvent<E>> handler) {
        consumeAll(batch, family, events -> {
            for (var event : events) {
                try (var scope = TraceContext.continuing(event.envelope().traceparent())) {
                    handler.accept(event);
                }
            }
        });
    }

    /** Handles the events of one topic together: for consumers of high volume. */
    public <E extends SuiteEvent> void consumeAll(
            ConsumerRecords<String, byte[]> batch, Class<E> family, Consumer<List<CloudEvent<E>>> handler) {
        consume(batch, consumed -> CloudEventBinding.read(consumed.headers(), consumed.value(), family), events -> {
            var fresh = fresh(events);
            if (!fresh.isEmpty()) {
                handler.accept(fresh);
            }
        });
    }

    /**
     * Handles the events of a topic whatever their types, for a consumer that knows by itself what it holds: an event
     * delivered again is handed over again. Tombstones are no events.
     */
    public void consumeRaw(ConsumerRecords<String, byte[]> batch, Consumer<List<RawEvent>> handler) {
        consume(
                batch,
                consumed -> Optional.of(new RawEvent(
                        CloudEventBinding.envelope(consumed.headers()),
                        consumed.topic(),
                        consumed.key(),
                        consumed.value())),
                handler);
    }

    void stop(@Observes ShutdownEvent event) {
        stopping = true;
    }

    private interface Reader<T> {
        Optional<T> read(ConsumerRecord<String, byte[]> consumed) throws UnreadableEvent;
    }

    private <T> void consume(ConsumerRecords<String, byte[]> batch, Reader<T> reader, Consumer<List<T>> handler) {
        List<T> events = new ArrayList<>();
        List<DeadLetters.Letter> unreadable = new ArrayList<>();
        for (var consumed : batch) {
            if (consumed.value() == null) {
                continue;
            }
            try {
                reader.read(consumed).ifPresentOrElse(events::add, () -> count(consumed.topic(), "unknown-type"));
            } catch (UnreadableEvent e) {
                unreadable.add(new DeadLetters.Letter(consumed, e.getMessage()));
            }
        }
        untilDone(() -> {
            deadLetters.setAside(unreadable);
            if (!events.isEmpty()) {
                handler.accept(events);
            }
        });
        unreadable.forEach(letter -> count(letter.consumed().topic(), "dead-letter"));
    }

    private <E extends SuiteEvent> List<CloudEvent<E>> fresh(List<CloudEvent<E>> events) {
        Map<EventIdentity, CloudEvent<E>> identified = new LinkedHashMap<>();
        events.forEach(event -> identified.putIfAbsent(EventIdentity.of(event.envelope()), event));
        var accepted = table.accept(identified.keySet());
        return identified.entrySet().stream()
                .filter(event -> accepted.contains(event.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    private void untilDone(Runnable work) {
        var pause = FIRST_PAUSE;
        while (true) {
            try {
                QuarkusTransaction.requiringNew().timeout(TRANSACTION_SECONDS).run(work);
                return;
            } catch (RuntimeException | Error e) { // else the channel ends, and no health check knows
                if (stopping || Thread.currentThread().isInterrupted()) {
                    throw e;
                }
                if (pause.equals(FIRST_PAUSE)) {
                    LOG.warn("Consumption waits and tries again until it succeeds", e);
                } else {
                    LOG.warnf("Consumption waits: %s", e.getMessage());
                }
                LockSupport.parkNanos(pause.toNanos());
                pause = pause.multipliedBy(2).compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : pause.multipliedBy(2);
            }
        }
    }

    private void count(String topic, String outcome) {
        metrics.counter("bulwark.inbox.set.aside", "topic", topic, "outcome", outcome)
                .increment();
    }
}
