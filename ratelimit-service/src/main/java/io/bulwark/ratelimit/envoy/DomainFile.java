package io.bulwark.ratelimit.envoy;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.Node;

/**
 * One of envoyproxy/ratelimit's YAML files: a domain and its limits. Read as nodes, so that no object is ever made by
 * what a file says, and a mistake is told with its line.
 */
record DomainFile(String domain, DescriptorTree tree) {
    static final int LARGEST = 1 << 20;

    private static final int MOST_DESCRIPTORS = 100_000;
    private static final int DEEPEST = 16;
    private static final int MOST_ALIASES = 1_000;

    /** @throws InvalidDomainFile where envoyproxy/ratelimit would not take it either */
    static DomainFile read(String application, String text) {
        var root = YamlFields.of(compose(text));
        var domain = root.text("domain");
        if (domain.isEmpty()) {
            throw new InvalidDomainFile(root.line(), "a configuration has a domain");
        }
        return new DomainFile(domain, new Compiling(application).tree(root, List.of(domain), List.of(), null, null));
    }

    private static Node compose(String text) {
        if (text.length() > LARGEST) {
            throw new InvalidDomainFile("larger than " + LARGEST + " characters");
        }
        var options = new LoaderOptions();
        options.setMaxAliasesForCollections(MOST_ALIASES);
        options.setAllowRecursiveKeys(false);
        options.setNestingDepthLimit(3 * DEEPEST);
        options.setCodePointLimit(LARGEST);
        try {
            var node = new Yaml(new SafeConstructor(options)).compose(new StringReader(text));
            if (node == null) {
                throw new InvalidDomainFile("is empty");
            }
            return node;
        } catch (MarkedYAMLException e) {
            var mark = e.getProblemMark();
            throw new InvalidDomainFile(mark == null ? 1 : mark.getLine() + 1, "no YAML: " + e.getProblem());
        } catch (YAMLException e) {
            throw new InvalidDomainFile("no YAML: " + e.getMessage());
        }
    }

    /** Counts what it makes: aliases can make a small file a large tree. */
    private static final class Compiling {
        private final String application;
        private int descriptors;

        Compiling(String application) {
            this.application = application;
        }

        DescriptorTree tree(
                YamlFields fields,
                List<String> path,
                List<String> keys,
                @Nullable DescriptorRule rule,
                @Nullable String shared) {
            var tree = new DescriptorTree(rule, shared);
            if (path.size() > DEEPEST) {
                throw new InvalidDomainFile(fields.line(), "descriptors are nested more than " + DEEPEST + " deep");
            }
            for (var node : fields.list("descriptors")) {
                add(tree, YamlFields.of(node), path, keys);
            }
            return tree;
        }

        private void add(DescriptorTree tree, YamlFields fields, List<String> parent, List<String> parentKeys) {
            if (++descriptors > MOST_DESCRIPTORS) {
                throw new InvalidDomainFile(fields.line(), "more than " + MOST_DESCRIPTORS + " descriptors");
            }
            var key = fields.text("key");
            if (key.isEmpty()) {
                throw new InvalidDomainFile(fields.line(), "descriptor has empty key");
            }
            var value = fields.text("value");
            var composite = value.isEmpty() ? key : key + "_" + value;
            var share = fields.flag("share_threshold");
            if (share && !Wildcard.isOne(composite)) {
                throw new InvalidDomainFile(fields.line(), "share_threshold is for values with a '*' in them");
            }
            var path = Stream.concat(parent.stream(), Stream.of(composite)).toList();
            var keys = Stream.concat(parentKeys.stream(), Stream.of(key)).toList();
            var child = tree(fields, path, keys, rule(fields, path, keys), share ? value : null);
            if (!tree.add(composite, child)) {
                throw new InvalidDomainFile(
                        fields.line(), "duplicate descriptor composite key '" + String.join(".", path) + "'");
            }
        }

        private @Nullable DescriptorRule rule(YamlFields descriptor, List<String> path, List<String> keys) {
            var fields = descriptor.fields("rate_limit");
            // read even where nothing limits: a mistake in it is one all the same
            var shadow = descriptor.flag("shadow_mode");
            var quota = descriptor.flag("quota_mode");
            if (fields == null) {
                return null;
            }
            var name = fields.text("name");
            var replaces = new ArrayList<String>();
            for (var node : fields.list("replaces")) {
                var replaced = YamlFields.of(node).text("name");
                if (replaced.isEmpty() || replaced.equals(name)) {
                    throw new InvalidDomainFile(
                            YamlFields.lineOf(node), "a limit replaces others, by name, and not itself");
                }
                replaces.add(replaced);
            }
            var unit = LimitUnit.named(fields.text("unit"));
            var requests = fields.number("requests_per_unit");
            if (fields.flag("unlimited")) {
                if (unit != null) {
                    throw new InvalidDomainFile(fields.line(), "what is unlimited has no unit");
                }
                return DescriptorRule.unlimited(name, replaces);
            }
            if (unit == null) {
                throw new InvalidDomainFile(fields.line(), "invalid rate limit unit '" + fields.text("unit") + "'");
            }
            var names = new ArrayList<>(List.of("envoy", application));
            names.addAll(path);
            return DescriptorRule.limited(names, keys, requests, unit, name, replaces, shadow, quota);
        }
    }
}
