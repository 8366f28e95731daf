package io.bulwark.kit.outbox;

import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.EventTypes;
import io.bulwark.events.SuiteEvent;
import io.bulwark.events.Topic;
import io.bulwark.kit.topic.TopicNames;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Status;
import jakarta.transaction.Synchronization;
import jakarta.transaction.TransactionSynchronizationRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/**
 * Publishes by writing to the table {@code outbox} in the caller's transaction: the event exists if and only if the
 * change it tells of does. At least once, in order per topic and key.
 */
@ApplicationScoped
public class Outbox {
    /** Larger data could never be sent: the broker takes 1 MiB with headers. */
    private static final int MAX_DATA = 900_000;

    private final TransactionSynchronizationRegistry transaction;
    private final OutboxTable table;
    private final OutboxRelay relay;
    private final TopicNames names;
    private final InstantSource clock;
    private final String source;

    Outbox(
            TransactionSynchronizationRegistry transaction,
            OutboxTable table,
            OutboxRelay relay,
            TopicNames names,
            InstantSource clock,
            @ConfigProperty(name = "quarkus.application.name") String application) {
        this.transaction = transaction;
        this.table = table;
        this.relay = relay;
        this.names = names;
        this.clock = clock;
        this.source = "/bulwark/" + application;
    }

    /** Publishes an event of the suite itself, which happens now. */
    public void publish(SuiteEvent event) {
        publish(event, Envelope.OWN_APPLICATION);
    }

    /** Publishes an event of a protected application, which happens now. */
    public void publish(SuiteEvent event, String application) {
        publish(event, application, clock.instant());
    }

    /**
     * Publishes an event.
     *
     * @param application the protected application it belongs to
     * @param time when it happened
     * @throws IllegalStateException outside a transaction
     * @throws IllegalArgumentException where its data is larger than a broker takes
     */
    public void publish(SuiteEvent event, String application, Instant time) {
        var id = EventIds.next();
        var type = EventTypes.nameOf(event.getClass());
        add(
                id,
                event,
                new Envelope(id.toString(), source, type, event.subject(), time, application, TraceContext.current()),
                true);
    }

    /**
     * Publishes what somebody else observed, under an identity of their own; once, if it is reported again soon. In no
     * order: what one reporter sends may concern thousands of keys, more than the database has locks for.
     *
     * @param envelope its source is the reporter's and none of Bulwark's own
     * @throws IllegalStateException outside a transaction
     * @throws IllegalArgumentException where its data is larger than a broker takes, or its source one of ours
     */
    public void publish(SuiteEvent event, Envelope envelope) {
        if (envelope.source().startsWith("/bulwark/")) {
            throw new IllegalArgumentException("Only Bulwark's services speak as " + envelope.source());
        }
        var identity = envelope.source() + " " + envelope.id();
        add(UUID.nameUUIDFromBytes(identity.getBytes(StandardCharsets.UTF_8)), event, envelope, false);
    }

    /** Removes a key from a compacted topic once compaction comes to it. */
    public void publishTombstone(Topic topic, String key) {
        if (!topic.compacted()) {
            throw new IllegalArgumentException(topic.topicName() + " is not compacted");
        }
        add(new OutboxRow(EventIds.next(), names.of(topic), key, new String[0], null));
    }

    /**
     * Sets a record aside that nobody can read.
     *
     * @param id the same for the same record, so that it is set aside once
     * @param value together with key and headers no more than a broker takes: whoever calls keeps it to that
     */
    public void deadLetter(
            UUID id, String topic, @Nullable String key, Map<String, String> headers, byte @Nullable [] value) {
        add(new OutboxRow(id, topic, key, flat(headers), value));
    }

    private void add(UUID id, SuiteEvent event, Envelope envelope, boolean ordered) {
        var data = CloudEventBinding.data(event);
        if (data.length > MAX_DATA) {
            throw new IllegalArgumentException(envelope.type() + " is larger than " + MAX_DATA + " bytes");
        }
        add(new OutboxRow(
                id, names.of(event.topic()), event.key(), flat(CloudEventBinding.headers(envelope)), data, ordered));
    }

    private void add(OutboxRow row) {
        if (transaction.getTransactionKey() == null) {
            throw new IllegalStateException("Events are published within a transaction");
        }
        var pending = (Pending) transaction.getResource(Pending.class);
        if (pending == null) {
            pending = new Pending();
            transaction.putResource(Pending.class, pending);
            transaction.registerInterposedSynchronization(pending);
        }
        pending.rows.add(row);
    }

    private static String[] flat(Map<String, String> headers) {
        return headers.entrySet().stream()
                .flatMap(header -> Stream.of(header.getKey(), header.getValue()))
                .toArray(String[]::new);
    }

    /** Written just before the commit, so that the locks that keep the order are held for a moment only. */
    private final class Pending implements Synchronization {
        private final List<OutboxRow> rows = new ArrayList<>();

        @Override
        public void beforeCompletion() {
            table.insert(rows, !relay.isLeading());
        }

        @Override
        public void afterCompletion(int status) {
            if (status == Status.STATUS_COMMITTED) {
                relay.wake();
            }
        }
    }
}
