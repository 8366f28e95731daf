package io.bulwark.ratelimit.block;

import java.util.stream.IntStream;

/**
 * Which prefix lengths are in use, longest first; made anew where that changes, so that readers need no lock.
 *
 * @param counts entries per length, IPv4 from 0 on, IPv6 from {@link #V6} on; the writer's alone
 * @param scoped entries that hold for one endpoint only
 */
record PrefixLengths(int[] v4, int[] v6, int[] counts, int scoped) {
    /** Added to a prefix length of IPv6, to tell it from one of IPv4. */
    static final int V6 = 1 << 8;

    private static final int V4_LONGEST = 32;
    private static final int V6_LONGEST = 128;

    static PrefixLengths none() {
        return new PrefixLengths(new int[0], new int[0], new int[V6 + V6_LONGEST + 1], 0);
    }

    PrefixLengths with(int length, boolean ofOneEndpoint) {
        return changed(length, 1, ofOneEndpoint ? 1 : 0);
    }

    PrefixLengths without(int length, boolean ofOneEndpoint) {
        return changed(length, -1, ofOneEndpoint ? -1 : 0);
    }

    private PrefixLengths changed(int length, int by, int scopedBy) {
        var wasInUse = counts[length] > 0;
        counts[length] += by;
        if (wasInUse == counts[length] > 0) {
            return scopedBy == 0 ? this : new PrefixLengths(v4, v6, counts, scoped + scopedBy);
        }
        return new PrefixLengths(present(0, V4_LONGEST), present(V6, V6_LONGEST), counts, scoped + scopedBy);
    }

    private int[] present(int from, int longest) {
        return IntStream.iterate(longest, length -> length >= 0, length -> length - 1)
                .filter(length -> counts[from + length] > 0)
                .toArray();
    }
}
