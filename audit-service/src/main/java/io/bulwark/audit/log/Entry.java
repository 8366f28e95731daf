package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Hash;
import io.bulwark.kit.net.Network;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A row of the log, as it is stored: nothing here says that its parts agree.
 *
 * @param payload the event's data where the leaf holds its digest only; null too where it was not read
 */
public record Entry(long index, byte[] leaf, Hash leafHash, byte @Nullable [] payload, Projection columns) {
    static final String PROJECTED = "received_at, topic, source, event_id, type, application, subject,"
            + " occurred_at, actor_id, actor_name, roles, action, target, outcome, address, occurrences, data";

    /** What {@link #read} expects of a query, without the payloads. */
    public static final String COLUMNS = "index, leaf, leaf_hash, null::bytea as payload, " + PROJECTED;

    /** What {@link #read} expects of a query, with the payloads: up to 1 MiB each. */
    public static final String COLUMNS_AND_PAYLOAD = "index, leaf, leaf_hash, payload, " + PROJECTED;

    static final String INSERT = "insert into entry (index, leaf, leaf_hash, payload, " + PROJECTED + ") values"
            + " (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, cast(? as inet), ?, ?)";

    private static final long NOWHERE = -1;

    /** An entry that has no place in the log yet. */
    static Entry of(Leaf leaf, byte[] data) {
        var bytes = leaf.encode();
        return new Entry(NOWHERE, bytes, Hash.ofLeaf(bytes), leaf.digested() ? data : null, Projection.of(leaf, data));
    }

    Entry at(long place) {
        return new Entry(place, leaf, leafHash, payload, columns);
    }

    public static Entry read(ResultSet row) throws SQLException {
        return new Entry(
                row.getLong("index"),
                row.getBytes("leaf"),
                Hash.of(row.getBytes("leaf_hash")),
                row.getBytes("payload"),
                projected(row));
    }

    public ListedEntry listed() {
        return new ListedEntry(index, leafHash, columns);
    }

    static Projection projected(ResultSet row) throws SQLException {
        return new Projection(
                instant(row, "received_at"),
                row.getString("topic"),
                row.getString("source"),
                row.getString("event_id"),
                row.getString("type"),
                row.getString("application"),
                row.getString("subject"),
                instant(row, "occurred_at"),
                row.getString("actor_id"),
                row.getString("actor_name"),
                roles(row),
                row.getString("action"),
                row.getString("target"),
                row.getString("outcome"),
                canonical(row.getString("address")),
                row.getInt("occurrences"),
                row.getString("data"));
    }

    void addTo(PreparedStatement insert) throws SQLException {
        int at = 1;
        insert.setLong(at++, index);
        insert.setBytes(at++, leaf);
        insert.setBytes(at++, leafHash.bytes());
        insert.setBytes(at++, payload);
        insert.setObject(at++, utc(columns.receivedAt()));
        insert.setString(at++, columns.topic());
        insert.setString(at++, columns.source());
        insert.setString(at++, columns.eventId());
        insert.setString(at++, columns.type());
        insert.setString(at++, columns.application());
        insert.setString(at++, columns.subject());
        insert.setObject(at++, utc(columns.occurredAt()));
        insert.setString(at++, columns.actorId());
        insert.setString(at++, columns.actorName());
        insert.setArray(
                at++,
                insert.getConnection().createArrayOf("text", columns.roles().toArray()));
        insert.setString(at++, columns.action());
        insert.setString(at++, columns.target());
        insert.setString(at++, columns.outcome());
        insert.setString(at++, columns.address());
        insert.setInt(at++, columns.occurrences());
        insert.setString(at, columns.data());
        insert.addBatch();
    }

    /** What the canonical bytes say. @throws IllegalArgumentException where they are not canonical */
    public Leaf decoded() {
        return Leaf.decode(leaf);
    }

    /** The event's data, whole; null where it is kept beside the leaf and was not read. */
    public byte @Nullable [] data(Leaf decoded) {
        return decoded.digested() ? payload : decoded.content();
    }

    boolean tellsTheSameAs(Entry other) {
        try {
            return decoded().tellsTheSameAs(other.decoded());
        } catch (IllegalArgumentException e) {
            return false;
        }
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    /** PostgreSQL prints some IPv6 addresses in another form; what no network can be stays as it is, for verification to find. */
    private static @Nullable String canonical(@Nullable String address) {
        try {
            return address == null ? null : Network.parse(address).toString();
        } catch (IllegalArgumentException e) {
            return address;
        }
    }

    /** What is no flat list stays readable in a form that no leaf has, for verification to find. */
    private static List<String> roles(ResultSet row) throws SQLException {
        return row.getArray("roles").getArray() instanceof String[] flat
                ? Arrays.asList(flat)
                : Arrays.asList(row.getString("roles"), null);
    }

    private static Instant instant(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
