package io.bulwark.kit.net;

import java.util.Arrays;

/** The text form of an address: strict in, RFC 5952 out. */
final class AddressText {
    private static final int GROUPS = 8;

    /** @param mapped it was written as IPv4-mapped IPv6 */
    record Parsed(byte[] bytes, boolean mapped) {}

    private AddressText() {}

    static Parsed parse(String text) {
        if (text.indexOf(':') < 0) {
            return new Parsed(ipv4(text, 0, text.length()), false);
        }
        var bytes = ipv6(text);
        var plain = unmapped(bytes);
        return new Parsed(plain, plain != bytes);
    }

    static byte[] unmapped(byte[] bytes) {
        if (bytes.length == 4) {
            return bytes;
        }
        if (bytes.length != 16) {
            throw new IllegalArgumentException("An address has 4 or 16 bytes, not " + bytes.length);
        }
        for (var i = 0; i < 10; i++) {
            if (bytes[i] != 0) {
                return bytes;
            }
        }
        return bytes[10] == -1 && bytes[11] == -1 ? Arrays.copyOfRange(bytes, 12, 16) : bytes;
    }

    /** A decimal without sign and without leading zero. */
    static int decimal(String text, int from, int to, int max) {
        if (from >= to || to - from > 3 || (text.charAt(from) == '0' && to - from > 1)) {
            throw malformed();
        }
        var value = 0;
        for (var i = from; i < to; i++) {
            var digit = text.charAt(i) - '0';
            if (digit < 0 || digit > 9) {
                throw malformed();
            }
            value = value * 10 + digit;
        }
        if (value > max) {
            throw malformed();
        }
        return value;
    }

    private static byte[] ipv4(String text, int from, int to) {
        var bytes = new byte[4];
        var start = from;
        for (var i = 0; i < 4; i++) {
            var end = i == 3 ? to : text.indexOf('.', start);
            if (end < 0 || end > to) {
                throw malformed();
            }
            bytes[i] = (byte) decimal(text, start, end, 255);
            start = end + 1;
        }
        return bytes;
    }

    private static byte[] ipv6(String text) {
        var gap = text.indexOf("::");
        if (gap < 0) {
            var groups = groups(text, 0, text.length());
            if (groups.length != GROUPS) {
                throw malformed();
            }
            return bytes(groups, new int[0]);
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            throw malformed();
        }
        var head = groups(text, 0, gap);
        var tail = groups(text, gap + 2, text.length());
        if (head.length + tail.length >= GROUPS) {
            throw malformed();
        }
        return bytes(head, tail);
    }

    private static int[] groups(String text, int from, int to) {
        var groups = new int[GROUPS];
        var count = 0;
        var start = from;
        while (start < to) {
            var colon = text.indexOf(':', start);
            var end = colon < 0 || colon > to ? to : colon;
            if (end == to && text.substring(start, to).indexOf('.') > 0) {
                if (count > GROUPS - 2) {
                    throw malformed();
                }
                var v4 = ipv4(text, start, to);
                groups[count++] = (v4[0] & 0xFF) << 8 | v4[1] & 0xFF;
                groups[count++] = (v4[2] & 0xFF) << 8 | v4[3] & 0xFF;
                return Arrays.copyOf(groups, count);
            }
            if (count == GROUPS) {
                throw malformed();
            }
            groups[count++] = hex(text, start, end);
            if (end == to - 1) {
                throw malformed();
            }
            start = end + 1;
        }
        return Arrays.copyOf(groups, count);
    }

    private static int hex(String text, int from, int to) {
        if (from >= to || to - from > 4) {
            throw malformed();
        }
        var value = 0;
        for (var i = from; i < to; i++) {
            var digit = text.charAt(i) < 128 ? Character.digit(text.charAt(i), 16) : -1;
            if (digit < 0) {
                throw malformed();
            }
            value = value << 4 | digit;
        }
        return value;
    }

    private static byte[] bytes(int[] head, int[] tail) {
        var bytes = new byte[16];
        for (var i = 0; i < head.length; i++) {
            bytes[2 * i] = (byte) (head[i] >> 8);
            bytes[2 * i + 1] = (byte) head[i];
        }
        for (var i = 0; i < tail.length; i++) {
            var at = 2 * (GROUPS - tail.length + i);
            bytes[at] = (byte) (tail[i] >> 8);
            bytes[at + 1] = (byte) tail[i];
        }
        return bytes;
    }

    static String print(byte[] bytes) {
        if (bytes.length == 4) {
            return (bytes[0] & 0xFF) + "." + (bytes[1] & 0xFF) + "." + (bytes[2] & 0xFF) + "." + (bytes[3] & 0xFF);
        }
        var gapStart = -1;
        var gapLength = 1;
        for (var i = 0; i < GROUPS; i++) {
            var length = 0;
            while (i + length < GROUPS && group(bytes, i + length) == 0) {
                length++;
            }
            if (length > gapLength) {
                gapStart = i;
                gapLength = length;
            }
            i += length;
        }
        var text = new StringBuilder(39);
        for (var i = 0; i < GROUPS; i++) {
            if (i == gapStart) {
                text.append("::");
                i += gapLength - 1;
                continue;
            }
            if (i > 0 && text.charAt(text.length() - 1) != ':') {
                text.append(':');
            }
            text.append(Integer.toHexString(group(bytes, i)));
        }
        return text.toString();
    }

    private static int group(byte[] bytes, int index) {
        return (bytes[2 * index] & 0xFF) << 8 | bytes[2 * index + 1] & 0xFF;
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("is no IP address or CIDR network");
    }
}
