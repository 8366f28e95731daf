package io.bulwark.ratelimit.envoy;

import java.util.List;

/** A composite key in which every {@code *} stands for any text, or for none. */
final class Wildcard {
    private final String first;
    private final List<String> between;
    private final String last;

    private Wildcard(List<String> parts) {
        this.first = parts.getFirst();
        this.between = List.copyOf(parts.subList(1, parts.size() - 1));
        this.last = parts.getLast();
    }

    static boolean isOne(String compositeKey) {
        return compositeKey.indexOf('*') >= 0;
    }

    static Wildcard of(String compositeKey) {
        return new Wildcard(List.of(compositeKey.split("\\*", -1)));
    }

    boolean matches(String composite) {
        var end = composite.length() - last.length();
        var at = first.length();
        if (at > end || !composite.startsWith(first) || !composite.endsWith(last)) {
            return false;
        }
        for (var part : between) {
            var found = composite.indexOf(part, at, end);
            if (found < 0) {
                return false;
            }
            at = found + part.length();
        }
        return true;
    }
}
