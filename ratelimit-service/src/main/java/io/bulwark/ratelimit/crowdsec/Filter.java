package io.bulwark.ratelimit.crowdsec;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.crowdsec.BouncerDecision.Key;
import io.vertx.core.MultiMap;
import io.vertx.core.json.Json;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Which decisions a bouncer asked for. Parameters that it does not know are ignored, as the original does; an empty list
 * lets everything pass.
 *
 * @param within false for what contains the network, true for what lies in it
 */
record Filter(
        List<String> scopes,
        List<String> origins,
        List<String> wanted,
        List<String> unwanted,
        @Nullable String type,
        @Nullable String value,
        @Nullable Network network,
        boolean within) {
    private static final List<String> STREAMED = List.of("Ip", "Range");

    /** Of an IPv6 address that holds one of IPv4. */
    private static final int MAPPED_BITS = 96;

    /** @throws Unfilterable where {@code ip} or {@code range} is none, or {@code contains} neither true nor false */
    static Filter ofQuery(MultiMap parameters) throws Unfilterable {
        var ip = network(parameters.get("ip"));
        var contains = parameters.get("contains");
        return new Filter(
                Stream.concat(list(parameters, "scope"), list(parameters, "scopes"))
                        .toList(),
                list(parameters, "origins").toList(),
                words(parameters, "scenarios_containing"),
                words(parameters, "scenarios_not_containing"),
                given(parameters.get("type")),
                given(parameters.get("value")),
                ip != null ? ip : network(parameters.get("range")),
                contains != null && !isTrue(contains));
    }

    static Filter ofStream(MultiMap parameters) {
        var scopes = list(parameters, "scopes").toList();
        return new Filter(
                scopes.isEmpty() ? STREAMED : scopes,
                list(parameters, "origins").toList(),
                words(parameters, "scenarios_containing"),
                words(parameters, "scenarios_not_containing"),
                null,
                null,
                null,
                false);
    }

    boolean accepts(Key key) {
        return (scopes.isEmpty() || scopes.stream().anyMatch(key.scope()::isNamed))
                && (value == null || value.equals(key.value()))
                && (network == null || !within || key.network() != null && network.contains(key.network()));
    }

    boolean accepts(Terms terms) {
        return (origins.isEmpty() || origins.contains(terms.origin()))
                && (type == null || type.equals(terms.type()))
                && acceptsScenario(terms.scenario());
    }

    private boolean acceptsScenario(String scenario) {
        if (wanted.isEmpty() && unwanted.isEmpty()) {
            return true;
        }
        var lower = scenario.toLowerCase(Locale.ROOT);
        return (wanted.isEmpty() || wanted.stream().anyMatch(lower::contains))
                && unwanted.stream().noneMatch(lower::contains);
    }

    private static @Nullable Network network(@Nullable String text) throws Unfilterable {
        if (text == null) {
            return null;
        }
        var slash = text.indexOf('/');
        try {
            if (slash < 0) {
                return Network.parse(text);
            }
            var address = Network.parse(text.substring(0, slash));
            var length = Integer.parseInt(text.substring(slash + 1));
            if (text.indexOf(':') >= 0 && !address.isIpv6()) {
                length -= MAPPED_BITS;
            }
            if (!address.isAddress() || length < 0 || length > address.prefixLength()) {
                throw Unfilterable.range(text);
            }
            return address.masked(length); // bits below the length are let through, as Go does
        } catch (IllegalArgumentException e) {
            throw slash < 0 ? Unfilterable.address(text) : Unfilterable.range(text);
        }
    }

    private static List<String> words(MultiMap parameters, String name) {
        return list(parameters, name).map(word -> word.toLowerCase(Locale.ROOT)).toList();
    }

    private static Stream<String> list(MultiMap parameters, String name) {
        var text = parameters.get(name);
        return text == null ? Stream.empty() : Stream.of(text.split(",")).filter(word -> !word.isEmpty());
    }

    private static @Nullable String given(@Nullable String text) {
        return text == null || text.isEmpty() ? null : text;
    }

    /** As Go reads it. */
    private static boolean isTrue(String text) throws Unfilterable {
        return switch (text) {
            case "1", "t", "T", "TRUE", "true", "True" -> true;
            case "0", "f", "F", "FALSE", "false", "False" -> false;
            default ->
                throw new Unfilterable("invalid contains value : strconv.ParseBool: parsing " + Json.encode(text)
                        + ": invalid syntax: invalid filter");
        };
    }

    /** What was asked makes no sense; the message is the original's. */
    static final class Unfilterable extends Exception {
        private static final long serialVersionUID = 1L;

        Unfilterable(String message) {
            super(message);
        }

        static Unfilterable address(String text) {
            return new Unfilterable(
                    "unable to convert '" + text + "' to int: invalid address: invalid ip address / range");
        }

        static Unfilterable range(String text) {
            return new Unfilterable("unable to convert '" + text + "' to int: while parsing range " + text
                    + ": invalid CIDR address: " + text + ": invalid ip address / range");
        }
    }
}
