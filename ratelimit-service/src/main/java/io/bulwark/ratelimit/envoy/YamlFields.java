package io.bulwark.ratelimit.envoy;

import java.math.BigInteger;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/** A YAML mapping, read field by field as envoyproxy/ratelimit reads it: what is empty is as if it were absent. */
final class YamlFields {
    /** Known wherever they stand, as there: one in the wrong place means nothing and is no error. */
    private static final Set<String> KNOWN = Set.of(
            "domain",
            "key",
            "value",
            "descriptors",
            "rate_limit",
            "unit",
            "requests_per_unit",
            "unlimited",
            "shadow_mode",
            "quota_mode",
            "name",
            "replaces",
            "detailed_metric",
            "value_to_metric",
            "share_threshold",
            "metadata");

    private static final Set<String> TRUE = Set.of("true", "yes", "on", "y");
    private static final Set<String> FALSE = Set.of("false", "no", "off", "n");
    private static final BigInteger LARGEST = BigInteger.valueOf(0xFFFF_FFFFL);

    private final Map<String, Node> values = new LinkedHashMap<>();
    private final int line;

    private YamlFields(int line) {
        this.line = line;
    }

    /** @throws InvalidDomainFile where it is no mapping or has a key that is unknown or comes twice */
    static YamlFields of(Node node) {
        if (!(node instanceof MappingNode mapping)) {
            throw new InvalidDomainFile(lineOf(node), "a mapping is wanted here");
        }
        var fields = new YamlFields(lineOf(node));
        var merged = new LinkedHashMap<String, Node>();
        for (var field : mapping.getValue()) {
            var key = field.getKeyNode();
            if (key.getTag().equals(Tag.MERGE)) {
                merged.putAll(merge(field.getValueNode()));
                continue;
            }
            if (!(key instanceof ScalarNode name) || !KNOWN.contains(name.getValue())) {
                throw new InvalidDomainFile(
                        lineOf(key), "unknown key" + (key instanceof ScalarNode n ? " '" + n.getValue() + "'" : ""));
            }
            if (!name.getValue().equals("metadata")
                    && fields.values.put(name.getValue(), field.getValueNode()) != null) {
                throw new InvalidDomainFile(lineOf(key), "key '" + name.getValue() + "' comes twice");
            }
        }
        merged.forEach(fields.values::putIfAbsent);
        return fields;
    }

    private static Map<String, Node> merge(Node merged) {
        if (!(merged instanceof MappingNode mapping)
                || mapping.getValue().stream()
                        .anyMatch(field -> field.getKeyNode().getTag().equals(Tag.MERGE))) {
            throw new InvalidDomainFile(lineOf(merged), "one mapping, itself without a merge, can be merged");
        }
        return of(merged).values;
    }

    static int lineOf(Node node) {
        return node.getStartMark().getLine() + 1;
    }

    int line() {
        return line;
    }

    /** As it is written; empty where it is absent. */
    String text(String key) {
        var node = value(key);
        if (node == null) {
            return "";
        }
        if (node instanceof ScalarNode scalar) {
            return scalar.getValue();
        }
        throw new InvalidDomainFile(lineOf(node), "'" + key + "' is a text");
    }

    boolean flag(String key) {
        var node = value(key);
        if (node == null) {
            return false;
        }
        var text = text(key).toLowerCase(Locale.ROOT);
        if (!isPlain(node) || !TRUE.contains(text) && !FALSE.contains(text)) {
            throw new InvalidDomainFile(lineOf(node), "'" + key + "' is true or false");
        }
        return TRUE.contains(text);
    }

    /** An unsigned 32-bit number; 0 where it is absent. */
    long number(String key) {
        var node = value(key);
        if (node == null) {
            return 0;
        }
        try {
            var number = isPlain(node) ? integer(text(key).replace("_", "")) : BigInteger.ONE.negate();
            if (number.signum() >= 0 && number.compareTo(LARGEST) <= 0) {
                return number.longValue();
            }
        } catch (NumberFormatException e) {
            throw new InvalidDomainFile(lineOf(node), "'" + key + "' is a whole number");
        }
        throw new InvalidDomainFile(lineOf(node), "'" + key + "' is a whole number from 0 to " + LARGEST);
    }

    List<Node> list(String key) {
        var node = value(key);
        if (node == null) {
            return List.of();
        }
        if (node instanceof SequenceNode sequence) {
            return sequence.getValue();
        }
        throw new InvalidDomainFile(lineOf(node), "'" + key + "' is a list");
    }

    /** Null where it is absent. */
    @Nullable
    YamlFields fields(String key) {
        var node = value(key);
        return node == null ? null : of(node);
    }

    private @Nullable Node value(String key) {
        var node = values.get(key);
        return node == null || node.getTag().equals(Tag.NULL) ? null : node;
    }

    private static boolean isPlain(Node node) {
        return node instanceof ScalarNode scalar && scalar.isPlain();
    }

    private static BigInteger integer(String text) {
        var lower = text.toLowerCase(Locale.ROOT);
        if (lower.startsWith("0x")) {
            return new BigInteger(lower.substring(2), 16);
        }
        if (lower.startsWith("0b")) {
            return new BigInteger(lower.substring(2), 2);
        }
        if (lower.startsWith("0o")) {
            return new BigInteger(lower.substring(2), 8);
        }
        return lower.length() > 1 && lower.startsWith("0") ? new BigInteger(lower, 8) : new BigInteger(lower);
    }
}
