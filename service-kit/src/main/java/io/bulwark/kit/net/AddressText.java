package io.bulwark.kit.net;

/** The text form of an address: strict in, RFC 5952 out. */
final class AddressText {
    /** The last 64 bits of {@code ::ffff:0.0.0.0}. */
    static final long MAPPED = 0xFFFFL << Integer.SIZE;

    private static final int GROUPS = 8;
    private static final int LOW_GROUPS = 4;

    private AddressText() {}

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

    /** Four decimals; the 32 bits they stand for. */
    static long ipv4(String text, int from, int to) {
        var value = 0L;
        var start = from;
        for (var i = 0; i < 4; i++) {
            var end = i == 3 ? to : text.indexOf('.', start);
            if (end < 0 || end > to) {
                throw malformed();
            }
            value = value << Byte.SIZE | decimal(text, start, end, 255);
            start = end + 1;
        }
        return value;
    }

    /** Eight groups, or fewer around {@code ::}; the two halves of the 128 bits they stand for. */
    static long[] ipv6(String text) {
        var gap = text.indexOf("::");
        var halves = new long[2];
        if (gap < 0) {
            if (groups(text, 0, text.length(), halves, 0) != GROUPS) {
                throw malformed();
            }
            return halves;
        }
        if (text.indexOf("::", gap + 1) >= 0) {
            throw malformed();
        }
        var head = groups(text, 0, gap, halves, 0);
        var scratch = new long[2];
        var tail = groups(text, gap + 2, text.length(), scratch, 0);
        if (head + tail >= GROUPS) {
            throw malformed();
        }
        groups(text, gap + 2, text.length(), halves, GROUPS - tail);
        return halves;
    }

    /** Writes the groups between two places into the halves, from the given group on; how many they are. */
    private static int groups(String text, int from, int to, long[] halves, int first) {
        var count = 0;
        var start = from;
        while (start < to) {
            var colon = text.indexOf(':', start);
            var end = colon < 0 || colon > to ? to : colon;
            if (end == text.length() && text.indexOf('.', start) > start) {
                if (count > GROUPS - 2) {
                    throw malformed();
                }
                var v4 = ipv4(text, start, to);
                set(halves, first + count++, v4 >>> Short.SIZE);
                set(halves, first + count++, v4 & 0xFFFF);
                return count;
            }
            if (count == GROUPS) {
                throw malformed();
            }
            set(halves, first + count++, hex(text, start, end));
            if (end == to - 1) {
                throw malformed();
            }
            start = end + 1;
        }
        return count;
    }

    private static void set(long[] halves, int group, long value) {
        if (group < GROUPS) {
            halves[group / LOW_GROUPS] |= value << Short.SIZE * (LOW_GROUPS - 1 - group % LOW_GROUPS);
        }
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

    static String ipv4(int value) {
        return (value >>> 24) + "." + (value >>> 16 & 0xFF) + "." + (value >>> 8 & 0xFF) + "." + (value & 0xFF);
    }

    static String ipv6(long high, long low) {
        var gapStart = -1;
        var gapLength = 1;
        for (var i = 0; i < GROUPS; i++) {
            var length = 0;
            while (i + length < GROUPS && group(high, low, i + length) == 0) {
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
            text.append(Integer.toHexString(group(high, low, i)));
        }
        return text.toString();
    }

    private static int group(long high, long low, int index) {
        var half = index < LOW_GROUPS ? high : low;
        return (int) (half >>> Short.SIZE * (LOW_GROUPS - 1 - index % LOW_GROUPS)) & 0xFFFF;
    }

    static IllegalArgumentException malformed() {
        return new IllegalArgumentException("is no IP address or CIDR network");
    }
}
