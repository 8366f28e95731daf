package io.bulwark.ratelimit.envoy;

import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Descriptor;
import io.bulwark.ratelimit.envoy.RateLimitQuery.Entry;
import io.bulwark.ratelimit.envoy.RateLimitQuery.OwnLimit;
import io.bulwark.ratelimit.envoy.RateLimitReply.Status;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * {@code RateLimitRequest} and {@code RateLimitResponse} as protobuf's JSON has them: names in either spelling, null for
 * absent, numbers as texts too, and nothing unknown; defaults are left out of what is written.
 */
final class RateLimitJson {
    private static final BigInteger MOST_UINT32 = BigInteger.valueOf(0xFFFF_FFFFL);
    private static final BigInteger MOST_UINT64 = BigInteger.TWO.pow(64).subtract(BigInteger.ONE);
    private static final int MOST_DIGITS = 40;
    private static final String UNKNOWN = "UNKNOWN";

    private static final JsonMapper JSON = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS, DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
            .build();

    static {
        JSON.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(16)
                        .maxNumberLength(MOST_DIGITS)
                        .build());
    }

    private RateLimitJson() {}

    /** @throws IOException where it is no such message */
    static RateLimitQuery read(byte[] bytes) throws IOException {
        var request = object(JSON.readTree(bytes), Set.of("domain", "descriptors", "hitsAddend", "hits_addend"));
        var descriptors = new ArrayList<Descriptor>();
        for (var descriptor : list(request.get("descriptors"))) {
            descriptors.add(descriptor(descriptor));
        }
        var hits = number(either(request, "hitsAddend", "hits_addend"), MOST_UINT32);
        return new RateLimitQuery(text(request.get("domain")), descriptors, hits == null ? 0 : hits.longValue());
    }

    private static Descriptor descriptor(JsonNode node) throws IOException {
        var descriptor = object(node, Set.of("entries", "limit", "hitsAddend", "hits_addend"));
        var entries = new ArrayList<Entry>();
        for (var each : list(descriptor.get("entries"))) {
            var entry = object(each, Set.of("key", "value"));
            entries.add(new Entry(text(entry.get("key")), text(entry.get("value"))));
        }
        var hits = number(either(descriptor, "hitsAddend", "hits_addend"), MOST_UINT64);
        return new Descriptor(
                entries,
                limit(descriptor.get("limit")),
                hits == null
                        ? null
                        : hits.min(BigInteger.valueOf(Long.MAX_VALUE)).longValue());
    }

    private static @Nullable OwnLimit limit(@Nullable JsonNode node) throws IOException {
        if (present(node) == null) {
            return null;
        }
        var limit = object(node, Set.of("requestsPerUnit", "requests_per_unit", "unit"));
        var requests = number(either(limit, "requestsPerUnit", "requests_per_unit"), MOST_UINT32);
        return new OwnLimit(requests == null ? 0 : requests.longValue(), unit(limit.get("unit")));
    }

    /** By its name or its number; 0 where it is unknown, which is one of the names. */
    private static int unit(@Nullable JsonNode node) throws IOException {
        var unit = present(node);
        if (unit == null || !unit.isTextual()) {
            var number = number(unit, MOST_UINT32);
            return number == null ? 0 : number.intValue();
        }
        if (unit.textValue().equals(UNKNOWN)) {
            return 0;
        }
        var named = LimitUnit.named(unit.textValue());
        if (named == null) {
            throw new IOException("no such unit");
        }
        return named.number();
    }

    private static JsonNode object(@Nullable JsonNode node, Set<String> known) throws IOException {
        if (node == null || !node.isObject()) {
            throw new IOException("an object is wanted");
        }
        for (var name = node.fieldNames(); name.hasNext(); ) {
            if (!known.contains(name.next())) {
                throw new IOException("an unknown field");
            }
        }
        return node;
    }

    private static Iterable<JsonNode> list(@Nullable JsonNode node) throws IOException {
        var list = present(node);
        if (list != null && !list.isArray()) {
            throw new IOException("a list is wanted");
        }
        return list == null ? List.of() : list;
    }

    private static String text(@Nullable JsonNode node) throws IOException {
        var text = present(node);
        if (text != null && !text.isTextual()) {
            throw new IOException("a text is wanted");
        }
        return text == null ? "" : text.textValue();
    }

    private static @Nullable JsonNode either(JsonNode object, String name, String original) throws IOException {
        if (object.has(name) && object.has(original)) {
            throw new IOException("a field comes twice");
        }
        return object.has(name) ? object.get(name) : object.get(original);
    }

    private static @Nullable BigInteger number(@Nullable JsonNode node, BigInteger most) throws IOException {
        var written = present(node);
        if (written == null) {
            return null;
        }
        if (!written.isNumber() && !written.isTextual() || written.asText().length() > MOST_DIGITS) {
            throw new IOException("a number is wanted");
        }
        try {
            var decimal = new BigDecimal(written.asText());
            if (Math.abs(decimal.scale()) <= MOST_DIGITS) {
                var number = decimal.toBigIntegerExact();
                if (number.signum() >= 0 && number.compareTo(most) <= 0) {
                    return number;
                }
            }
        } catch (ArithmeticException | NumberFormatException e) {
            throw new IOException("a whole number is wanted", e);
        }
        throw new IOException("the number is too large, or negative");
    }

    private static @Nullable JsonNode present(@Nullable JsonNode node) {
        return node == null || node.isNull() ? null : node;
    }

    static Buffer write(RateLimitReply reply) {
        var json = new JsonObject().put("overallCode", code(reply.over()));
        var statuses = new JsonArray();
        reply.statuses().forEach(status -> statuses.add(status(status)));
        json.put("statuses", statuses);
        if (reply.refusal() != null) {
            var headers = new JsonArray();
            reply.headers()
                    .forEach((key, value) ->
                            headers.add(new JsonObject().put("key", key).put("value", value)));
            json.put("responseHeadersToAdd", headers);
            json.put(
                    "rawBody",
                    Base64.getEncoder().encodeToString(reply.refusal().body()));
        }
        return json.toBuffer();
    }

    private static JsonObject status(Status status) {
        var json = new JsonObject().put("code", code(status.over()));
        var limit = status.limit();
        if (limit != null) {
            var current = new JsonObject();
            if (limit.requestsPerUnit() != 0) {
                current.put("requestsPerUnit", limit.requestsPerUnit());
            }
            var unit = LimitUnit.of(limit.unit());
            if (unit != null) {
                current.put("unit", unit.name());
            }
            if (!limit.name().isEmpty()) {
                current.put("name", limit.name());
            }
            json.put("currentLimit", current);
        }
        if (status.remaining() != 0) {
            json.put("limitRemaining", status.remaining());
        }
        if (status.resetSeconds() >= 0) {
            json.put("durationUntilReset", status.resetSeconds() + "s");
        }
        return json;
    }

    private static String code(boolean over) {
        return over ? "OVER_LIMIT" : "OK";
    }
}
