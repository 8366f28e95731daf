package io.bulwark.kit.net;

import org.jspecify.annotations.Nullable;

/**
 * One element of {@code Forwarded} (RFC 7239), such as {@code for="[2001:db8::1]:4711";proto=https}. Read from the right:
 * what a client wrote stands further left and cannot change how this is read, open quotes included.
 */
final class ForwardedElement {
    private static final String FOR = "for";

    private ForwardedElement() {}

    /** Where the comma before the element that ends at {@code end} stands; -1 where it is the first of the line. */
    static int commaBefore(String line, int end) {
        var quoted = false;
        for (var i = end - 1; i >= 0; i--) {
            var letter = line.charAt(i);
            if (letter == '"' && !(quoted && isEscaped(line, i))) {
                quoted = !quoted;
            } else if (letter == ',' && !quoted) {
                return i;
            }
        }
        return -1;
    }

    /** The address of parameter {@code for} in {@code line[from, to)}; null where it is not there exactly once, or no address. */
    static @Nullable Network address(String line, int from, int to) {
        Network address = null;
        var found = false;
        for (var at = HopText.skipBlanks(line, from, to); at < to; at = HopText.skipBlanks(line, at + 1, to)) {
            var equals = line.indexOf('=', at);
            if (equals < 0 || equals >= to - 1) {
                return null;
            }
            var end = valueEnd(line, equals + 1, to);
            if (end < 0) {
                return null;
            }
            if (equals - at == FOR.length() && line.regionMatches(true, at, FOR, 0, FOR.length())) {
                if (found) {
                    return null;
                }
                found = true;
                address = value(line, equals + 1, end);
            }
            at = HopText.skipBlanks(line, end, to);
            if (at < to && line.charAt(at) != ';') {
                return null;
            }
        }
        return address;
    }

    private static @Nullable Network value(String line, int from, int to) {
        return line.charAt(from) == '"' ? HopText.address(line, from + 1, to - 1) : HopText.address(line, from, to);
    }

    /** Behind the value that begins at {@code from}; -1 where its quotes do not end. */
    private static int valueEnd(String line, int from, int to) {
        if (line.charAt(from) != '"') {
            var end = line.indexOf(';', from);
            return end < 0 || end > to ? to : end;
        }
        for (var i = from + 1; i < to; i++) {
            if (line.charAt(i) == '\\') {
                i++;
            } else if (line.charAt(i) == '"') {
                return i + 1;
            }
        }
        return -1;
    }

    private static boolean isEscaped(String line, int at) {
        var backslashes = 0;
        while (backslashes < at && line.charAt(at - 1 - backslashes) == '\\') {
            backslashes++;
        }
        return backslashes % 2 == 1;
    }
}
