package io.bulwark.kit.net;

import org.jspecify.annotations.Nullable;

/**
 * One hop as proxies write it: an address, perhaps with a port ({@code 192.0.2.1:80}, {@code [2001:db8::1]:80}). Strict:
 * no zone, no name, no network.
 */
public final class HopText {
    private static final int MAX_LENGTH = 64;
    private static final int MAX_PORT = 65_535;
    private static final int MAX_PORT_DIGITS = 5;

    private HopText() {}

    /** The address that the text is, blanks around it left out; null where it is none. */
    public static @Nullable Network address(String text) {
        return address(text, 0, text.length());
    }

    /** The address in {@code line[from, to)}, blanks around it left out; null where it is none. */
    public static @Nullable Network address(String line, int from, int to) {
        var start = skipBlanks(line, from, to);
        var end = trimBlanks(line, start, to);
        if (start == end || end - start > MAX_LENGTH) {
            return null;
        }
        if (line.charAt(start) == '[') {
            var close = line.indexOf(']', start);
            return close < 0 || close >= end || !isPortOrNothing(line, close + 1, end)
                    ? null
                    : ipv6(line.substring(start + 1, close));
        }
        var colon = line.indexOf(':', start);
        if (colon < 0 || colon >= end || isAnother(line, colon, end)) {
            return parse(line.substring(start, end));
        }
        return isPortOrNothing(line, colon, end) ? parse(line.substring(start, colon)) : null;
    }

    /** The first place in {@code line[from, to)} where no blank stands; {@code to} where only blanks do. */
    public static int skipBlanks(String line, int from, int to) {
        var at = from;
        while (at < to && isBlank(line.charAt(at))) {
            at++;
        }
        return at;
    }

    private static int trimBlanks(String line, int from, int to) {
        var at = to;
        while (at > from && isBlank(line.charAt(at - 1))) {
            at--;
        }
        return at;
    }

    private static boolean isBlank(char letter) {
        return letter == ' ' || letter == '\t';
    }

    /** IPv6 without brackets: it can have no port. */
    private static boolean isAnother(String line, int colon, int end) {
        var next = line.indexOf(':', colon + 1);
        return next >= 0 && next < end;
    }

    private static boolean isPortOrNothing(String line, int from, int to) {
        if (from == to) {
            return true;
        }
        if (line.charAt(from) != ':' || to - from < 2 || to - from > MAX_PORT_DIGITS + 1) {
            return false;
        }
        var port = 0;
        for (var i = from + 1; i < to; i++) {
            var digit = line.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                return false;
            }
            port = port * 10 + digit;
        }
        return port <= MAX_PORT;
    }

    private static @Nullable Network ipv6(String text) {
        return text.indexOf(':') < 0 ? null : parse(text);
    }

    private static @Nullable Network parse(String text) {
        try {
            return text.indexOf('/') < 0 ? Network.parse(text) : null;
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
