package io.bulwark.ratelimit.prefix;

import io.bulwark.kit.net.Network;
import java.util.function.IntPredicate;

/**
 * Networks, each in a scope and with the time until which it holds, for the question which of them an address is in. What
 * that costs does not depend on how many there are; it allocates nothing and takes no lock. Whoever changes the table does
 * it one after the other, beside any number of readers.
 */
public final class PrefixTable {
    /** What {@link #version} says of what is not there. */
    public static final long UNKNOWN = Long.MIN_VALUE;

    /** What {@link #latest} says where nothing holds. */
    public static final long NONE = 0;

    /** A scope in which nothing is. */
    public static final int NO_SCOPE = 0;

    private static final int FIRST_CAPACITY = 1 << 10;
    private static final int V6_BITS = 128;
    private static final int MAPPED_BITS = 96;

    private volatile PrefixCells cells;
    private int size;

    public PrefixTable() {
        this(0);
    }

    /** @param expected networks that it has room for from the start */
    public PrefixTable(int expected) {
        cells = new PrefixCells(capacity(expected));
    }

    /**
     * Until when the longest lasting of the networks around this one holds.
     *
     * @param scope the scope to look in
     * @param narrower one more; {@link #NO_SCOPE} for none
     * @param now milliseconds since 1970, like what is returned
     * @return {@link #NONE} where no network around it holds any longer
     */
    public long latest(Network network, int scope, int narrower, long now) {
        return cells.latest(network.high(), network.low(), network.bits(), scope, narrower, now);
    }

    /**
     * Adds a network or says anew until when it holds, unless something newer is known of it.
     *
     * @param scope not {@link #NO_SCOPE}
     * @param until milliseconds since 1970; a time gone by ends it
     */
    public synchronized void put(Network network, int scope, long until, long version) {
        var current = cells;
        var high = network.high();
        var low = network.low();
        var length = network.bits();
        var cell = current.seek(high, low, length, scope);
        if (current.isTaken(cell)) {
            current.renew(cell, until, version);
            return;
        }
        if ((size + 1) * 2 > current.capacity()) {
            current = current.copy(current.capacity() * 2, Long.MIN_VALUE);
            cell = current.seek(high, low, length, scope);
            cells = current;
        }
        current.take(cell, high, low, length, scope, until, version);
        size++;
    }

    /** Of a network, ended or not; {@link #UNKNOWN} where it is not there. */
    public synchronized long version(Network network, int scope) {
        return cells.version(network.high(), network.low(), network.bits(), scope);
    }

    /** Forgets what held until before then. */
    public synchronized void forgetEnded(long before) {
        var ended = cells.endedBefore(before);
        if (ended == 0) {
            return;
        }
        size -= ended;
        cells = cells.copy(capacity(size), before);
    }

    private static int capacity(int networks) {
        var capacity = FIRST_CAPACITY;
        while (networks * 2 > capacity) {
            capacity *= 2;
        }
        return capacity;
    }

    /** Networks held, ended ones among them. */
    public synchronized int size() {
        return size;
    }

    /** Networks of some of the scopes that hold beyond this time. */
    public synchronized int holding(IntPredicate scopes, long now) {
        return cells.holding(scopes, now);
    }

    /** Whether this is IPv4, mapped into IPv6. */
    static boolean isMapped(long high, long low, int length) {
        return high == 0 && low >>> Integer.SIZE == 0xFFFF && length >= MAPPED_BITS && length <= V6_BITS;
    }
}
