package io.bulwark.events;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.SerializationFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.module.SimpleModule;
import com.fasterxml.jackson.datatype.jsr310.JavaTimeModule;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.Headers;
import org.jspecify.annotations.Nullable;

/**
 * The binary mode of the <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md">CloudEvents
 * Kafka protocol binding 1.0</a>: attributes in {@code ce_} headers, JSON data in the value. Strict about required
 * fields, tolerant of new ones.
 */
public final class CloudEventBinding {
    /** The JSON of all event data: ISO-8601 times and durations, absent where null. */
    public static final JsonMapper JSON = JsonMapper.builder()
            .addModule(new JavaTimeModule())
            .addModule(new SimpleModule("rfc3339").addDeserializer(Instant.class, new Rfc3339()))
            .disable(SerializationFeature.WRITE_DATES_AS_TIMESTAMPS, SerializationFeature.WRITE_DURATIONS_AS_TIMESTAMPS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NULL_FOR_PRIMITIVES, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .serializationInclusion(JsonInclude.Include.NON_NULL)
            .build();

    static final int MAX_ATTRIBUTE = 1_024;

    /** Identity is a key of indexes, which take 2,704 bytes; a byte that is no UTF-8 becomes three. */
    static final int MAX_IDENTITY = 256;

    private CloudEventBinding() {}

    /** The headers of an event, in the order in which they are sent. */
    public static Map<String, String> headers(Envelope envelope) {
        var headers = new LinkedHashMap<String, String>();
        headers.put("ce_specversion", "1.0");
        headers.put("ce_id", envelope.id());
        headers.put("ce_source", envelope.source());
        headers.put("ce_type", envelope.type());
        if (envelope.subject() != null) {
            headers.put("ce_subject", envelope.subject());
        }
        headers.put("ce_time", envelope.time().toString());
        headers.put("ce_application", envelope.application());
        if (envelope.traceparent() != null) {
            headers.put("traceparent", envelope.traceparent());
        }
        headers.put("content-type", "application/json");
        return headers;
    }

    /** The value of a record that carries this event. */
    public static byte[] data(SuiteEvent event) {
        try {
            return JSON.writeValueAsBytes(event);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("Event cannot be written as JSON: " + event.getClass(), e);
        }
    }

    /** @throws UnreadableEvent where a required attribute is missing or malformed */
    public static Envelope envelope(Headers headers) throws UnreadableEvent {
        if (!"1.0".equals(required(headers, "ce_specversion"))) {
            throw new UnreadableEvent("ce_specversion is not 1.0");
        }
        var application = text(headers, "ce_application");
        return new Envelope(
                required(headers, "ce_id"),
                required(headers, "ce_source"),
                required(headers, "ce_type"),
                text(headers, "ce_subject"),
                time(required(headers, "ce_time")),
                application == null ? Envelope.DEFAULT_APPLICATION : application,
                text(headers, "traceparent"));
    }

    /**
     * Reads a record of one topic.
     *
     * @return empty for a type that the family does not know: a newer producer, no failure
     * @throws UnreadableEvent where it is no CloudEvent, or its data lacks what the type requires
     */
    public static <E extends SuiteEvent> Optional<CloudEvent<E>> read(Headers headers, byte[] value, Class<E> family)
            throws UnreadableEvent {
        var envelope = envelope(headers);
        var type = EventTypes.find(envelope.type(), family);
        if (type.isEmpty()) {
            return Optional.empty();
        }
        if (holdsNul(value)) {
            throw new UnreadableEvent("data holds a NUL character");
        }
        try {
            E data = JSON.readValue(value, type.get());
            if (data == null) {
                throw new UnreadableEvent("data is null");
            }
            return Optional.of(new CloudEvent<>(envelope, data));
        } catch (IOException e) {
            throw new UnreadableEvent("data is not a " + envelope.type() + ": " + firstLine(e), e);
        }
    }

    private static String required(Headers headers, String name) throws UnreadableEvent {
        var value = text(headers, name);
        if (value == null || value.isEmpty()) {
            throw new UnreadableEvent(name + " is missing");
        }
        return value;
    }

    private static @Nullable String text(Headers headers, String name) throws UnreadableEvent {
        Header header = headers.lastHeader(name);
        if (header == null || header.value() == null) {
            return null;
        }
        var longest = name.equals("ce_id") || name.equals("ce_source") ? MAX_IDENTITY : MAX_ATTRIBUTE;
        if (header.value().length > longest) {
            throw new UnreadableEvent(name + " is longer than " + longest + " bytes");
        }
        var value = new String(header.value(), UTF_8);
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new UnreadableEvent(name + " holds a control character");
        }
        return value;
    }

    /**
     * True where a string of this JSON holds an escaped NUL. Postgres stores none, so a consumer would retry such a
     * record without end; JSON itself allows no unescaped one.
     */
    private static boolean holdsNul(byte[] json) {
        for (int i = 0; i < json.length - 5; i++) {
            if (json[i] == '\\') {
                if (json[i + 1] == 'u'
                        && json[i + 2] == '0'
                        && json[i + 3] == '0'
                        && json[i + 4] == '0'
                        && json[i + 5] == '0') {
                    return true;
                }
                i++; // what follows a backslash is escaped, another backslash too
            }
        }
        return false;
    }

    private static Instant time(String text) throws UnreadableEvent {
        try {
            return Rfc3339.parse(text);
        } catch (DateTimeException e) {
            throw new UnreadableEvent("ce_time is not RFC 3339: " + text, e);
        }
    }

    private static String firstLine(IOException e) {
        return String.valueOf(e.getMessage()).lines().findFirst().orElse("unreadable");
    }
}
