package io.bulwark.ratelimit.block;

import io.bulwark.kit.net.Network;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * Every block, in memory, for decisions. One hash lookup per prefix length in use, most specific first, so that the cost
 * does not depend on how many blocks there are; a lookup allocates nothing and takes no lock. Entries expire by the
 * clock, whether or not somebody has told of it.
 */
@ApplicationScoped
public class BlockTable {
    /** What {@link #blockedUntil} says of somebody who is not blocked. */
    public static final long NOT_BLOCKED = 0;

    /** An ended entry stays so long, and with it its version: what was written before may still come. */
    static final Duration REMEMBERED = Duration.ofMinutes(10);

    private static final int FIRST_SIZE = 1 << 10;
    private static final int V6 = PrefixLengths.V6;

    private volatile AtomicReferenceArray<@Nullable Entry> buckets = new AtomicReferenceArray<>(FIRST_SIZE);
    private volatile PrefixLengths lengths = PrefixLengths.none();
    private int size;

    /** @param until in milliseconds; an ended one's end */
    private record Entry(
            int length,
            long high,
            long low,
            String application,
            @Nullable String endpoint,
            long until,
            long version,
            @Nullable Entry next) {

        boolean isOf(int wantedLength, long wantedHigh, long wantedLow, String app, @Nullable String wantedEndpoint) {
            return low == wantedLow
                    && high == wantedHigh
                    && length == wantedLength
                    && application.equals(app)
                    && Objects.equals(endpoint, wantedEndpoint);
        }

        boolean isSameAs(Entry other) {
            return isOf(other.length, other.high, other.low, other.application, other.endpoint);
        }

        int hash() {
            return BlockTable.hash(length, high, low, application, endpoint);
        }

        Entry before(@Nullable Entry following) {
            return new Entry(length, high, low, application, endpoint, until, version, following);
        }
    }

    /**
     * Until when the address is refused.
     *
     * @return milliseconds since 1970; {@link #NOT_BLOCKED} where it is not
     */
    public long blockedUntil(Network address, String application, @Nullable String endpoint, long nowMillis) {
        var bytes = address.bytes();
        return address.isIpv6()
                ? find(lengths.v6(), V6, bits(bytes, 0), bits(bytes, 8), application, endpoint, nowMillis)
                : find(lengths.v4(), 0, 0, v4(bytes), application, endpoint, nowMillis);
    }

    /** Sets or ends a block, unless something newer is known of it. */
    void put(Network target, Scope scope, Instant until, long version) {
        var bytes = target.bytes();
        put(new Entry(
                target.prefixLength() | (target.isIpv6() ? V6 : 0),
                target.isIpv6() ? bits(bytes, 0) : 0,
                target.isIpv6() ? bits(bytes, 8) : v4(bytes),
                scope.application().intern(),
                scope.endpoint(),
                until.toEpochMilli(),
                version,
                null));
    }

    /** Forgets what ended a while ago. */
    synchronized void forgetEnded(Instant now) {
        var before = now.minus(REMEMBERED).toEpochMilli();
        for (var i = 0; i < buckets.length(); i++) {
            @Nullable Entry kept = null;
            for (var entry = buckets.get(i); entry != null; entry = entry.next()) {
                if (entry.until() > before) {
                    kept = entry.before(kept);
                } else {
                    size--;
                    lengths = lengths.without(entry.length(), entry.endpoint() != null);
                }
            }
            buckets.set(i, kept);
        }
    }

    /** Entries held, ended ones among them. */
    synchronized int size() {
        return size;
    }

    private long find(
            int[] present, int family, long high, long low, String application, @Nullable String endpoint, long now) {
        var table = buckets;
        var scoped = endpoint != null && lengths.scoped() > 0;
        for (var length : present) {
            var maskedHigh = family == V6 ? high & mask(length) : 0;
            var maskedLow = low & mask(family == V6 ? length - Long.SIZE : length + Integer.SIZE);
            var until = until(table, family | length, maskedHigh, maskedLow, application, null);
            if (until <= now && scoped) {
                until = until(table, family | length, maskedHigh, maskedLow, application, endpoint);
            }
            if (until > now) {
                return until;
            }
        }
        return NOT_BLOCKED;
    }

    private static long until(
            AtomicReferenceArray<@Nullable Entry> table,
            int length,
            long high,
            long low,
            String application,
            @Nullable String endpoint) {
        var entry = table.get(hash(length, high, low, application, endpoint) & (table.length() - 1));
        while (entry != null) {
            if (entry.isOf(length, high, low, application, endpoint)) {
                return entry.until();
            }
            entry = entry.next();
        }
        return NOT_BLOCKED;
    }

    private synchronized void put(Entry fresh) {
        var index = fresh.hash() & (buckets.length() - 1);
        @Nullable Entry others = null;
        var known = false;
        for (var entry = buckets.get(index); entry != null; entry = entry.next()) {
            if (!entry.isSameAs(fresh)) {
                others = entry.before(others);
            } else if (entry.version() >= fresh.version()) {
                return;
            } else {
                known = true;
            }
        }
        buckets.set(index, fresh.before(others));
        if (!known) {
            size++;
            lengths = lengths.with(fresh.length(), fresh.endpoint() != null);
            if (size > buckets.length()) {
                grow();
            }
        }
    }

    private void grow() {
        var larger = new AtomicReferenceArray<@Nullable Entry>(buckets.length() * 2);
        for (var i = 0; i < buckets.length(); i++) {
            for (var entry = buckets.get(i); entry != null; entry = entry.next()) {
                var index = entry.hash() & (larger.length() - 1);
                larger.set(index, entry.before(larger.get(index)));
            }
        }
        buckets = larger;
    }

    /** The leading bits of a long; none for 0 and below, all for 64 and above. */
    private static long mask(int bits) {
        return bits <= 0 ? 0 : bits >= Long.SIZE ? -1L : -1L << (Long.SIZE - bits);
    }

    private static int hash(int length, long high, long low, String application, @Nullable String endpoint) {
        var mixed = (low ^ length) * 0x9E3779B97F4A7C15L + high;
        mixed = (mixed ^ mixed >>> 32 ^ application.hashCode()) * 0xBF58476D1CE4E5B9L;
        mixed = (mixed ^ mixed >>> 29 ^ (endpoint == null ? 0 : endpoint.hashCode())) * 0x94D049BB133111EBL;
        return (int) (mixed >>> 32);
    }

    private static long v4(byte[] bytes) {
        return (bytes[0] & 0xFFL) << 24 | (bytes[1] & 0xFFL) << 16 | (bytes[2] & 0xFFL) << 8 | bytes[3] & 0xFFL;
    }

    private static long bits(byte[] bytes, int from) {
        var bits = 0L;
        for (var i = from; i < from + Long.BYTES; i++) {
            bits = bits << Byte.SIZE | bytes[i] & 0xFF;
        }
        return bits;
    }
}
