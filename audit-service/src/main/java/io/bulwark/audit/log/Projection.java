package io.bulwark.audit.log;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.bulwark.kit.net.Network;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a leaf says, in columns to search by. The rule reads field names, not event types, so that a type which a later
 * contract knows does not change what was projected before. Whoever changes the rule gives the leaf a new version.
 *
 * <ul>
 *   <li>actor: {@code actorId} and {@code actorName}; else whoever requested, acknowledged, resolved, closed, unlocked
 *       or authored it; else whom it befell, {@code userId} and {@code account}
 *   <li>target: {@code target}; else the event's subject, such as the address of a failed login
 * </ul>
 *
 * Texts are cut to what an index bears and freed of what PostgreSQL refuses; the leaf has them whole.
 *
 * @param occurrences how many equal calls the entry stands for
 * @param data the event's JSON; null where it is no text or kept beside the leaf
 */
public record Projection(
        Instant receivedAt,
        String topic,
        String source,
        String eventId,
        String type,
        String application,
        @Nullable String subject,
        Instant occurredAt,
        @Nullable String actorId,
        @Nullable String actorName,
        List<String> roles,
        @Nullable String action,
        @Nullable String target,
        @Nullable String outcome,
        @Nullable String address,
        int occurrences,
        @Nullable String data) {
    /** Not that of the contract: its settings may change, what was projected may not. */
    private static final JsonMapper JSON = JsonMapper.builder().build();

    private static final List<String> DOERS =
            List.of("actorId", "requestedBy", "acknowledgedBy", "resolvedBy", "closedBy", "unlockedBy", "author");
    private static final int MAX_IDENTITY = 1_024;
    private static final int MAX_TEXT = 256;
    private static final int MAX_ROLES = 32;
    private static final char REPLACEMENT = '\uFFFD';
    private static final Instant EARLIEST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LATEST = Instant.parse("9999-12-31T23:59:59.999999Z");

    /** @param data the event's, whole, whatever the leaf holds of it */
    public static Projection of(Leaf leaf, byte[] data) {
        var json = json(data);
        var envelope = leaf.envelope();
        var doer = DOERS.stream()
                .map(name -> text(json, name))
                .filter(Objects::nonNull)
                .findFirst()
                .orElse(null);
        var name = text(json, "actorName");
        var target = text(json, "target");
        var subject = clean(envelope.subject(), MAX_TEXT);
        return new Projection(
                leaf.receivedAt(),
                leaf.topic(),
                Objects.requireNonNull(clean(envelope.source(), MAX_IDENTITY)),
                Objects.requireNonNull(clean(envelope.id(), MAX_IDENTITY)),
                Objects.requireNonNull(clean(envelope.type(), MAX_TEXT)),
                Objects.requireNonNull(clean(envelope.application(), MAX_TEXT)),
                subject,
                clamp(envelope.time()),
                doer == null ? text(json, "userId") : doer,
                name == null && doer == null ? text(json, "account") : name,
                roles(json.path("roles")),
                text(json, "action"),
                target == null ? subject : target,
                text(json, "outcome"),
                address(text(json, "address")),
                json.path("count").canConvertToInt()
                        ? Math.max(1, json.path("count").intValue())
                        : 1,
                leaf.digested() ? null : utf8(data));
    }

    /** By column name, in the order of the table. */
    public Map<String, @Nullable Object> columns() {
        var columns = new LinkedHashMap<String, @Nullable Object>();
        columns.put("received_at", receivedAt);
        columns.put("topic", topic);
        columns.put("source", source);
        columns.put("event_id", eventId);
        columns.put("type", type);
        columns.put("application", application);
        columns.put("subject", subject);
        columns.put("occurred_at", occurredAt);
        columns.put("actor_id", actorId);
        columns.put("actor_name", actorName);
        columns.put("roles", roles);
        columns.put("action", action);
        columns.put("target", target);
        columns.put("outcome", outcome);
        columns.put("address", address);
        columns.put("occurrences", occurrences);
        columns.put("data", data);
        return columns;
    }

    /** The columns in which another one differs from this. */
    public List<String> differences(Projection other) {
        if (equals(other)) {
            return List.of();
        }
        var others = other.columns();
        return columns().entrySet().stream()
                .filter(column -> !Objects.equals(column.getValue(), others.get(column.getKey())))
                .map(Map.Entry::getKey)
                .toList();
    }

    private static JsonNode json(byte[] data) {
        try {
            return JSON.readTree(data);
        } catch (IOException e) {
            return MissingNode.getInstance();
        }
    }

    private static @Nullable String text(JsonNode json, String field) {
        var value = json.path(field);
        return value.isTextual() ? clean(value.textValue(), MAX_TEXT) : null;
    }

    private static List<String> roles(JsonNode values) {
        var roles = new ArrayList<String>();
        for (var value : values) {
            if (value.isTextual() && roles.size() < MAX_ROLES) {
                roles.add(Objects.requireNonNull(clean(value.textValue(), MAX_TEXT)));
            }
        }
        return List.copyOf(roles);
    }

    private static @Nullable String address(@Nullable String text) {
        try {
            return text == null ? null : Network.parse(text).toString();
        } catch (IllegalArgumentException e) {
            return null;
        }
    }

    private static Instant clamp(Instant time) {
        var micros = time.isBefore(EARLIEST) ? EARLIEST : time.isAfter(LATEST) ? LATEST : time;
        return micros.truncatedTo(ChronoUnit.MICROS);
    }

    private static @Nullable String clean(@Nullable String text, int most) {
        if (text == null) {
            return null;
        }
        int end = Math.min(text.length(), most);
        var cleaned = new StringBuilder(end);
        text.substring(0, end)
                .codePoints()
                .map(point -> point == 0 || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE)
                        ? REPLACEMENT
                        : point)
                .forEach(cleaned::appendCodePoint);
        return cleaned.toString();
    }

    private static @Nullable String utf8(byte[] data) {
        try {
            var text = UTF_8.newDecoder().decode(ByteBuffer.wrap(data)).toString();
            return text.indexOf('\0') < 0 ? text : null;
        } catch (CharacterCodingException e) {
            return null;
        }
    }
}
