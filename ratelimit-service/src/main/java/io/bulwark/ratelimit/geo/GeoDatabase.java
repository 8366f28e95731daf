package io.bulwark.ratelimit.geo;

import com.maxmind.db.InvalidNetworkException;
import com.maxmind.db.Reader;
import com.maxmind.db.Reader.FileMode;
import io.bulwark.kit.net.Network;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.ToLongFunction;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * A database in MaxMind's format, kept in memory and read anew when its file changes; one that cannot be read leaves the one
 * before in force. Answers are remembered by address in a table of fixed size, so that a client that goes on asking costs no
 * walk and no decoding.
 */
final class GeoDatabase {
    /** The code of an address that the database says nothing of. */
    static final long UNKNOWN = 0;

    private static final Logger LOG = Logger.getLogger(GeoDatabase.class);
    private static final int REMEMBERED = 1 << 14;
    private static final int IPV4 = 4;

    /** A database has at least one useful entry among so many, or it is another one. */
    private static final int TRIED = 10_000;

    private final Kind kind;
    private final @Nullable Path path;
    private volatile @Nullable Loaded loaded;
    private volatile @Nullable String failure;

    GeoDatabase(Kind kind, @Nullable Path path) {
        this.kind = kind;
        this.path = path;
    }

    /** What a database is about. */
    enum Kind {
        COUNTRY(CountryEntry.class, entry -> ((CountryEntry) entry).code()),
        AS(AsEntry.class, entry -> ((AsEntry) entry).code());

        private final Class<?> entry;
        private final ToLongFunction<Object> code;

        Kind(Class<?> entry, ToLongFunction<Object> code) {
            this.entry = entry;
            this.code = code;
        }

        String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    private record Stamp(FileTime modified, long size) {}

    private record Answer(long high, long low, long code) {}

    private record Loaded(Reader reader, Stamp stamp, AtomicReferenceArray<@Nullable Answer> answers) {}

    Kind kind() {
        return kind;
    }

    boolean isAvailable() {
        return loaded != null;
    }

    GeoDatabaseStatus status() {
        var now = loaded;
        var metadata = now == null ? null : now.reader().getMetadata();
        return new GeoDatabaseStatus(
                kind.word(),
                path != null,
                now != null,
                metadata == null ? null : metadata.databaseType(),
                metadata == null ? null : metadata.ipVersion(),
                metadata == null ? null : metadata.buildTime(),
                failure);
    }

    /** {@link #UNKNOWN} where it does not say, or where there is no database. */
    long code(Network address) {
        var now = loaded;
        if (now == null) {
            return UNKNOWN;
        }
        var slot = slot(address);
        var known = now.answers().get(slot);
        if (known != null && known.high() == address.high() && known.low() == address.low()) {
            return known.code();
        }
        var code = read(now.reader(), address);
        now.answers().set(slot, new Answer(address.high(), address.low(), code));
        return code;
    }

    /** Reads the file where it is another one than before. */
    synchronized void check() {
        if (path == null) {
            return;
        }
        try {
            var stamp = new Stamp(Files.getLastModifiedTime(path), Files.size(path));
            var now = loaded;
            if (now == null || !now.stamp().equals(stamp)) {
                loaded = load(path, stamp);
                LOG.infof("Database of kind %s read from %s", kind.word(), path);
            }
            failure = null;
        } catch (IOException | RuntimeException e) {
            if (failure == null) { // once per outage
                LOG.errorf("Database of kind %s cannot be read from %s: %s", kind.word(), path, e);
            }
            failure = e.getClass().getSimpleName() + ": " + e.getMessage();
        }
    }

    private Loaded load(Path file, Stamp stamp) throws IOException {
        // not mapped: whoever overwrites the file in place would change what is being read
        var reader = new Reader(file.toFile(), FileMode.MEMORY);
        if (knowsAnything(reader)) {
            return new Loaded(reader, stamp, new AtomicReferenceArray<>(REMEMBERED));
        }
        throw new IOException(
                "it is a " + reader.getMetadata().databaseType() + " and says nothing of kind " + kind.word());
    }

    private boolean knowsAnything(Reader reader) throws IOException {
        try {
            var entries = reader.networks(kind.entry);
            for (var tried = 0; tried < TRIED && entries.hasNext(); tried++) {
                var entry = entries.next().data();
                if (entry != null && kind.code.applyAsLong(entry) != UNKNOWN) {
                    return true;
                }
            }
            return false;
        } catch (InvalidNetworkException e) {
            throw new IOException(e);
        }
    }

    private long read(Reader reader, Network address) {
        if (address.isIpv6() && reader.getMetadata().ipVersion() == IPV4) {
            return UNKNOWN; // the reader would take its first 32 bits for an address
        }
        try {
            var entry = reader.get(InetAddress.getByAddress(address.bytes()), kind.entry);
            return entry == null ? UNKNOWN : kind.code.applyAsLong(entry);
        } catch (IOException | RuntimeException e) {
            failure = e.getClass().getSimpleName() + ": " + e.getMessage();
            return UNKNOWN;
        }
    }

    private static int slot(Network address) {
        var mixed = (address.high() * 0x9E3779B97F4A7C15L ^ address.low()) * 0xBF58476D1CE4E5B9L;
        return (int) (mixed >>> Long.SIZE - Integer.numberOfTrailingZeros(REMEMBERED));
    }
}
