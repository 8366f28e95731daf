package io.bulwark.kit.access;

import io.bulwark.kit.net.HopText;
import io.bulwark.kit.net.Network;
import io.vertx.core.MultiMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;

/** The hops that proxies have written into a request, nearest last. */
final class ForwardedHops {
    private static final int MAX_HOPS = 32;
    private static final String FOR = "for=";
    private static final String UNREADABLE = "";

    private ForwardedHops() {}

    static List<String> of(MultiMap headers) {
        var lines = headers.getAll("X-Forwarded-For");
        if (!lines.isEmpty()) {
            return split(lines);
        }
        return split(headers.getAll("Forwarded")).stream()
                .map(ForwardedHops::hop)
                .toList();
    }

    /** Walks from the nearest hop; what is malformed ends the walk at the last address that was believed. */
    static Network client(Network peer, List<String> hops, Predicate<Network> trusted) {
        var client = peer;
        var left = Math.min(hops.size(), MAX_HOPS);
        for (var i = hops.size() - 1; left > 0 && trusted.test(client); i--, left--) {
            var hop = HopText.address(hops.get(i));
            if (hop == null) {
                return client;
            }
            client = hop;
        }
        return client;
    }

    /** An element that does not say once who it came from is a hop all the same, or the one before it would be believed. */
    private static String hop(String element) {
        var named = Arrays.stream(element.split(";"))
                .map(String::trim)
                .filter(parameter -> parameter.regionMatches(true, 0, FOR, 0, FOR.length()))
                .toList();
        return named.size() == 1 ? unquoted(named.getFirst().substring(FOR.length())) : UNREADABLE;
    }

    private static List<String> split(List<String> lines) {
        var parts = new ArrayList<String>();
        for (var line : lines) {
            for (var part : line.split(",")) {
                parts.add(part.trim());
            }
        }
        return parts;
    }

    private static String unquoted(String value) {
        return value.length() > 1 && value.startsWith("\"") && value.endsWith("\"")
                ? value.substring(1, value.length() - 1)
                : value;
    }
}
