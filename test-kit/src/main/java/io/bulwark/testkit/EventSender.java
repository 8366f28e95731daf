package io.bulwark.testkit;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.EventTypes;
import io.bulwark.events.SuiteEvent;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/** Writes events to the topics as another service would, under its principal. */
public final class EventSender implements AutoCloseable {
    private final String principal;
    private final KafkaProducer<String, byte[]> producer;

    private EventSender(String principal) {
        this.principal = principal;
        producer = new KafkaProducer<>(KafkaClients.as(principal), new StringSerializer(), new ByteArraySerializer());
    }

    /** @param principal such as {@code auth-service} */
    public static EventSender as(String principal) {
        return new EventSender(principal);
    }

    /** Sends an event of the application that happens at this time; returns its envelope, to send it twice. */
    public Envelope send(SuiteEvent event, String application, Instant time) {
        var envelope = new Envelope(
                EventIds.next().toString(),
                "/bulwark/" + principal,
                EventTypes.nameOf(event.getClass()),
                event.subject(),
                time,
                application,
                null);
        send(envelope, event);
        return envelope;
    }

    public void send(Envelope envelope, SuiteEvent event) {
        sendRaw(
                event.topic().topicName(),
                event.key(),
                CloudEventBinding.headers(envelope),
                CloudEventBinding.data(event));
    }

    /** Sends whatever it is given, rubbish too, and waits until the broker has it. */
    public void sendRaw(String topic, @Nullable String key, Map<String, String> headers, byte @Nullable [] value) {
        var sent = new ProducerRecord<String, byte[]>(topic, key, value);
        headers.forEach((name, text) -> sent.headers().add(name, text.getBytes(UTF_8)));
        try {
            producer.send(sent).get(30, TimeUnit.SECONDS); // the first waits for the connection too
        } catch (ExecutionException e) {
            throw new IllegalStateException(e.getCause());
        } catch (TimeoutException e) {
            throw new IllegalStateException(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        producer.close();
    }
}
