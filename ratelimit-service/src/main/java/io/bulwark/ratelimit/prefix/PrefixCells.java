package io.bulwark.ratelimit.prefix;

import io.bulwark.kit.net.Network;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.security.SecureRandom;
import java.util.function.IntPredicate;

/**
 * The arrays of a {@link PrefixTable}: a hash table with open addressing, never more than half full, and beside it which
 * prefix lengths occur at all where the address lies, so that only those are looked up. A cell once taken keeps its network;
 * its last word written is the one that readers look at first.
 */
final class PrefixCells {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);

    /** Words of a cell: what it is ({@link #tag}), the two halves of the address, until when it holds. */
    private static final int WORDS = 4;

    private static final int HIGH = 1;
    private static final int LOW = 2;
    private static final int UNTIL = 3;

    private static final int MAPPED_BITS = 96;

    /** Lengths of IPv4 are kept per leading 16 bits. */
    private static final int V4_REGION = 16;

    /** Lengths of IPv6 from 32 on are kept by a hash of the leading 32 bits, in two words. */
    private static final int V6_REGION = 32;

    private static final int V6_REGIONS = 1 << 14;

    private static final long SECRET_OF_HIGH;
    private static final long SECRET_OF_LOW;
    private static final long SECRET_FACTOR;

    static {
        var random = new SecureRandom();
        SECRET_OF_HIGH = random.nextLong();
        SECRET_OF_LOW = random.nextLong();
        SECRET_FACTOR = random.nextLong() | 1;
    }

    private final long[] cells;
    private final long[] versions;
    private final int mask;
    private final long[] v4Lengths = new long[1 << V4_REGION];
    private final long[] v6Lengths = new long[2 * V6_REGIONS];

    /** IPv6 prefixes shorter than a region lie in many: they are looked up always. In one element, for its handle. */
    private final long[] wideLengths = new long[1];

    /** @param capacity a power of two */
    PrefixCells(int capacity) {
        cells = new long[capacity * WORDS];
        versions = new long[capacity];
        mask = capacity - 1;
    }

    int capacity() {
        return versions.length;
    }

    long latest(long high, long low, int length, int scope, int narrower, long now) {
        if (PrefixTable.isMapped(high, low, length)) {
            var lengths = (long) LONGS.getAcquire(v4Lengths, v4Region(low));
            return latest(high, low, MAPPED_BITS, lengths & upTo(length - MAPPED_BITS), scope, narrower, now);
        }
        var region = v6Region(high);
        var wide = (long) LONGS.getAcquire(wideLengths, 0);
        var first = (long) LONGS.getAcquire(v6Lengths, region);
        var second = (long) LONGS.getAcquire(v6Lengths, region + 1);
        var ofWide = latest(high, low, 0, wide & upTo(length), scope, narrower, now);
        var ofFirst = latest(high, low, V6_REGION, first & upTo(length - V6_REGION), scope, narrower, now);
        var ofSecond = latest(
                high, low, V6_REGION + Long.SIZE, second & upTo(length - V6_REGION - Long.SIZE), scope, narrower, now);
        return Math.max(ofWide, Math.max(ofFirst, ofSecond));
    }

    /** The cell that holds this network, or the one that is free for it. */
    int seek(long high, long low, int length, int scope) {
        var tag = tag(length, scope);
        var cell = hash(high, low, tag) & mask;
        while (true) {
            var found = (long) LONGS.getAcquire(cells, cell * WORDS);
            if (found == 0 || found == tag && cells[cell * WORDS + HIGH] == high && cells[cell * WORDS + LOW] == low) {
                return cell;
            }
            cell = cell + 1 & mask;
        }
    }

    boolean isTaken(int cell) {
        return (long) LONGS.getAcquire(cells, cell * WORDS) != 0;
    }

    long version(long high, long low, int length, int scope) {
        var cell = seek(high, low, length, scope);
        return isTaken(cell) ? versions[cell] : PrefixTable.UNKNOWN;
    }

    /** Says anew until when a cell's network holds, where that is newer. */
    void renew(int cell, long until, long version) {
        if (version > versions[cell]) {
            versions[cell] = version;
            LONGS.setRelease(cells, cell * WORDS + UNTIL, until);
        }
    }

    void take(int cell, long high, long low, int length, int scope, long until, long version) {
        var at = cell * WORDS;
        versions[cell] = version;
        cells[at + HIGH] = high;
        cells[at + LOW] = low;
        cells[at + UNTIL] = until;
        LONGS.setRelease(cells, at, tag(length, scope));
        note(high, low, length);
    }

    int endedBefore(long before) {
        var ended = 0;
        for (var at = 0; at < cells.length; at += WORDS) {
            if (cells[at] != 0 && cells[at + UNTIL] <= before) {
                ended++;
            }
        }
        return ended;
    }

    int holding(IntPredicate scopes, long now) {
        var holding = 0;
        for (var at = 0; at < cells.length; at += WORDS) {
            if (cells[at] != 0 && cells[at + UNTIL] > now && scopes.test((int) cells[at])) {
                holding++;
            }
        }
        return holding;
    }

    /** Larger or smaller, without what held until before then. */
    PrefixCells copy(int capacity, long before) {
        var copy = new PrefixCells(capacity);
        for (var at = 0; at < cells.length; at += WORDS) {
            if (cells[at] != 0 && cells[at + UNTIL] > before) {
                var length = (int) (cells[at] >>> Integer.SIZE & 0xFF);
                var scope = (int) cells[at];
                var cell = copy.seek(cells[at + HIGH], cells[at + LOW], length, scope);
                copy.take(
                        cell,
                        cells[at + HIGH],
                        cells[at + LOW],
                        length,
                        scope,
                        cells[at + UNTIL],
                        versions[at / WORDS]);
            }
        }
        return copy;
    }

    /** @param lengths bit n for the prefix length {@code base + n} */
    private long latest(long high, long low, int base, long lengths, int scope, int narrower, long now) {
        var latest = PrefixTable.NONE;
        for (var left = lengths; left != 0; left &= left - 1) {
            var length = base + Long.numberOfTrailingZeros(left);
            var maskedHigh = high & Network.highMask(length);
            var maskedLow = low & Network.lowMask(length);
            if (scope != PrefixTable.NO_SCOPE) {
                latest = Math.max(latest, until(maskedHigh, maskedLow, length, scope));
            }
            if (narrower != PrefixTable.NO_SCOPE) {
                latest = Math.max(latest, until(maskedHigh, maskedLow, length, narrower));
            }
        }
        return latest > now ? latest : PrefixTable.NONE;
    }

    private long until(long high, long low, int length, int scope) {
        var cell = seek(high, low, length, scope);
        return isTaken(cell) ? (long) LONGS.getAcquire(cells, cell * WORDS + UNTIL) : PrefixTable.NONE;
    }

    /** Remembers that this length occurs there. */
    private void note(long high, long low, int length) {
        if (PrefixTable.isMapped(high, low, length)) {
            var bit = length - MAPPED_BITS;
            var first = v4Region(low);
            var regions = bit >= V4_REGION ? 1 : 1 << (V4_REGION - bit);
            for (var region = first; region < first + regions; region++) {
                set(v4Lengths, region, bit);
            }
        } else if (length < V6_REGION) {
            set(wideLengths, 0, length);
        } else {
            var bit = length - V6_REGION;
            set(v6Lengths, v6Region(high) + bit / Long.SIZE, bit % Long.SIZE);
        }
    }

    private static void set(long[] lengths, int index, int bit) {
        LONGS.setRelease(lengths, index, lengths[index] | 1L << bit);
    }

    private static int v4Region(long low) {
        return (int) (low >>> V4_REGION) & 0xFFFF;
    }

    private static int v6Region(long high) {
        var mixed = (high >>> V6_REGION) * 0x9E3779B97F4A7C15L;
        return 2 * (int) (mixed >>> Long.SIZE - 14);
    }

    /** Bits 0 to {@code last}; none below 0. */
    private static long upTo(int last) {
        return last < 0 ? 0 : last >= Long.SIZE - 1 ? -1L : (1L << last + 1) - 1;
    }

    /** Never 0, which marks a free cell. */
    private static long tag(int length, int scope) {
        return Long.MIN_VALUE | (long) length << Integer.SIZE | scope;
    }

    /**
     * Each half meets a secret before it meets the other: else whoever publishes a list could choose networks that all seek
     * the same cell, and no seed that comes later would part them.
     */
    private static int hash(long high, long low, long tag) {
        var address = folded(high ^ SECRET_OF_HIGH, low ^ SECRET_OF_LOW);
        return (int) (folded(address ^ tag, SECRET_FACTOR) >>> Integer.SIZE);
    }

    /** All 128 bits of a product, in 64. */
    private static long folded(long a, long b) {
        return Math.unsignedMultiplyHigh(a, b) ^ a * b;
    }
}
