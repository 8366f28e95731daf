package io.bulwark.ratelimit.observation;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.GatewayEvent;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.SecurityEvent;
import io.bulwark.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads the <a href="https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/formats/json-format.md">JSON format</a>
 * of CloudEvents, one event or a batch of them. All or nothing: one wrong item and none is taken.
 */
final class CloudEventBatch {
    private static final int NAMED_ERRORS = 50;
    private static final int DEEPEST = 8;
    private static final int LONGEST_TEXT = 4_096;
    private static final int LONGEST_NUMBER = 40;

    /** Takes no text for a number and no number for a text: what is reported wrong is said, not guessed. */
    private static final JsonMapper JSON = mapper();

    private final String application;
    private final EventCheck check;
    private final Instant now;
    private final int most;
    private final List<Observed> events = new ArrayList<>();
    private final List<Map<String, Object>> errors = new ArrayList<>();

    private int size;

    /** @param most events that it may hold */
    CloudEventBatch(String application, EventCheck check, Instant now, int most) {
        this.application = application;
        this.check = check;
        this.now = now;
        this.most = most;
    }

    /**
     * Reads one body.
     *
     * @param batch whether an array is expected, or one event
     * @throws Problem 400 where it is no JSON, 413 where it holds too many, 422 naming the wrong items by index
     */
    List<Observed> read(InputStream body, boolean batch) throws IOException {
        try (var parser = JSON.getFactory().createParser(body)) {
            parser.nextToken();
            if (batch) {
                array(parser);
            } else {
                add(JSON.readTree(parser), 0);
            }
            if (parser.nextToken() != null) {
                throw malformed();
            }
        } catch (JsonProcessingException e) {
            throw malformed();
        }
        return result();
    }

    /** How many items were read, right or wrong. */
    int size() {
        return size;
    }

    private void array(JsonParser parser) throws IOException {
        if (!parser.hasToken(JsonToken.START_ARRAY)) {
            throw new Problem(400, "malformed-body", "The body must be a JSON array of CloudEvents");
        }
        for (var index = 0; parser.nextToken() != JsonToken.END_ARRAY; index++) {
            if (index == most) {
                throw new Problem(413, "too-many", "A batch holds at most " + most + " events");
            }
            add(JSON.readTree(parser), index);
        }
    }

    private void add(@Nullable JsonNode item, int index) {
        size++;
        try {
            if (!(item instanceof ObjectNode event)) {
                throw new InvalidObservation("", "must be an object");
            }
            events.add(event(event));
        } catch (InvalidObservation e) {
            if (errors.size() < NAMED_ERRORS) {
                errors.add(Map.of("index", index, "field", e.field(), "message", String.valueOf(e.getMessage())));
            }
        }
    }

    private List<Observed> result() {
        if (!errors.isEmpty()) {
            throw new Problem(422, "invalid-observations", "Nothing was taken: some items are wrong")
                    .with("errors", errors);
        }
        return events;
    }

    private Observed event(ObjectNode event) throws InvalidObservation {
        if (!"1.0".equals(attribute(event, "specversion"))) {
            throw new InvalidObservation("specversion", "must be 1.0");
        }
        var type = EventCheck.TYPES.get(attribute(event, "type"));
        if (type == null) {
            throw new InvalidObservation("type", "is not one that is reported from outside");
        }
        var named = event.get("application");
        if (named != null && !named.asText().equals(application)) {
            throw new InvalidObservation("application", "is not the one that the caller is registered for");
        }
        var content = event.path("datacontenttype").asText("application/json");
        if (!content.startsWith("application/json") || !(event.get("data") instanceof ObjectNode data)) {
            throw new InvalidObservation("data", "must be a JSON object");
        }
        var seen = check.canonical(data(data, type));
        return new Observed(
                Bounds.text("source", attribute(event, "source"), Bounds.NAME),
                Bounds.identity("id", attribute(event, "id")),
                time(event.get("time"), seen),
                seen);
    }

    private static String attribute(ObjectNode event, String name) throws InvalidObservation {
        var value = event.get(name);
        if (value == null || !value.isTextual()) {
            throw new InvalidObservation(name, "must be a text");
        }
        return value.textValue();
    }

    private Instant time(@Nullable JsonNode time, SecurityEvent seen) throws InvalidObservation {
        if (time == null) {
            // its day is part of its identity: what is sent again tomorrow should be the same
            return seen instanceof RequestSummary summary ? summary.from().plus(summary.window()) : now;
        }
        try {
            return check.time(
                    "time", OffsetDateTime.parse(time.asText()).toInstant().truncatedTo(ChronoUnit.MICROS));
        } catch (DateTimeException e) {
            throw new InvalidObservation("time", "must be RFC 3339, such as 2026-01-31T12:00:00Z");
        }
    }

    private static SecurityEvent data(ObjectNode data, Class<? extends SecurityEvent> type) throws InvalidObservation {
        if (type == GatewayEvent.AccessDenied.class || type == GatewayEvent.WafBlocked.class) {
            data.putIfAbsent("count", data.numberNode(1));
        }
        if (type == RequestSummary.class) {
            for (var status = 1; status <= 5; status++) {
                data.putIfAbsent("status" + status + "xx", data.numberNode(0));
            }
        }
        try {
            return JSON.treeToValue(data, type);
        } catch (JsonMappingException e) {
            var field =
                    e.getPath().isEmpty() ? "" : "." + e.getPath().getFirst().getFieldName();
            throw new InvalidObservation("data" + field, "is missing or of the wrong kind");
        } catch (JsonProcessingException e) {
            throw new InvalidObservation("data", "cannot be read");
        }
    }

    private static Problem malformed() {
        return new Problem(400, "malformed-body", "The body is no JSON, or holds too deep or too long values");
    }

    private static JsonMapper mapper() {
        var json = CloudEventBinding.JSON
                .rebuild()
                .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
                .disable(DeserializationFeature.ACCEPT_FLOAT_AS_INT, DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
                .withCoercionConfig(
                        LogicalType.Textual,
                        config -> config.setCoercion(CoercionInputShape.Integer, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Float, CoercionAction.Fail)
                                .setCoercion(CoercionInputShape.Boolean, CoercionAction.Fail))
                .build()
                .copy();
        json.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxStringLength(LONGEST_TEXT)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build())
                .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION.mappedFeature());
        return json;
    }
}
