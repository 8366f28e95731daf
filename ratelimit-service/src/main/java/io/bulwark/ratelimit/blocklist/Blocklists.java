package io.bulwark.ratelimit.blocklist;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All lists that are subscribed to. */
@ApplicationScoped
class Blocklists {
    private static final String COLUMNS = """
             application, name, url, format, refresh, expiry, max_entries, shadow, note, version, changed_at, changed_by,
             entries, refused, sha256, etag, last_modified, fetched_at, attempted_at, next_at, failure, failures
            """;
    private static final String ALL = "select" + COLUMNS + "from blocklist order by application, name";
    private static final String ONE = "select" + COLUMNS + "from blocklist where application = ? and name = ?";
    private static final String HOLD = "select pg_advisory_xact_lock(hashtextextended('blocklists', 0))";

    /** What comes from elsewhere, or is read otherwise, begins anew. */
    private static final String PUT = """
            insert into blocklist as known (application, name, url, format, refresh, expiry, max_entries, shadow, note,
                version, changed_at, changed_by, next_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (application, name) do update set url = excluded.url, format = excluded.format,
                refresh = excluded.refresh, expiry = excluded.expiry, max_entries = excluded.max_entries,
                shadow = excluded.shadow, note = excluded.note, version = excluded.version,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by, next_at = excluded.next_at""";

    private static final String FORGET = """
            update blocklist set networks = null, entries = 0, refused = 0, sha256 = null, etag = null,
                last_modified = null, fetched_at = null, failure = null, failures = 0
            where application = ? and name = ?""";

    private static final String REMOVE = "delete from blocklist where application = ? and name = ?";
    private static final String HASTEN = "update blocklist set next_at = ? where application = ? and name = ?";

    private static final String CLAIM = """
            update blocklist set next_at = ?, attempted_at = ? where (application, name) = (
                select application, name from blocklist where next_at <= ? order by next_at limit 1
                for update skip locked) returning""" + COLUMNS;

    private static final String STORE = """
            update blocklist set networks = coalesce(?, networks), entries = ?, refused = ?,
                sha256 = ?, etag = ?, last_modified = ?, fetched_at = ?, next_at = ?, failure = null, failures = 0
            where application = ? and name = ? and version = ?""";

    private static final String FAIL = """
            update blocklist set failure = ?, failures = failures + 1, next_at = ?
            where application = ? and name = ? and version = ?""";

    private static final String NETWORKS = "select networks from blocklist where application = ? and name = ?";

    private final AgroalDataSource dataSource;

    Blocklists(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** From now on nobody else changes what is subscribed to, until the transaction ends. */
    void hold() {
        with(HOLD, PreparedStatement::executeQuery);
    }

    List<Blocklist> all() {
        return with(ALL, Blocklists::read);
    }

    Optional<Blocklist> find(String application, String name) {
        return with(ONE, query -> {
            query.setString(1, application);
            query.setString(2, name);
            return read(query).stream().findFirst();
        });
    }

    /** Subscribes, or changes the terms; either way it is fetched next. */
    void put(Blocklist list) {
        var terms = list.terms();
        with(PUT, update -> {
            update.setString(1, list.application());
            update.setString(2, list.name());
            update.setString(3, terms.url());
            update.setString(4, terms.format().word());
            update.setLong(5, terms.refresh().toSeconds());
            update.setLong(6, terms.expiry().toSeconds());
            update.setInt(7, terms.maxEntries());
            update.setBoolean(8, terms.shadow());
            update.setString(9, terms.note());
            update.setLong(10, list.version());
            update.setObject(11, utc(list.changedAt()));
            update.setString(12, list.changedBy());
            update.setObject(13, utc(list.progress().nextAt()));
            return update.executeUpdate();
        });
    }

    /** Forgets what it holds: that came from elsewhere. */
    void forget(String application, String name) {
        named(FORGET, application, name);
    }

    /** False where there is none. */
    boolean remove(String application, String name) {
        return named(REMOVE, application, name) == 1;
    }

    /** Fetches it next. */
    void hasten(String application, String name, Instant at) {
        with(HASTEN, update -> {
            update.setObject(1, utc(at));
            update.setString(2, application);
            update.setString(3, name);
            return update.executeUpdate();
        });
    }

    /** One that is due; nobody else gets it before {@code until}, even if this replica dies. */
    Optional<Blocklist> claim(Instant now, Instant until) {
        return with(CLAIM, update -> {
            update.setObject(1, utc(until));
            update.setObject(2, utc(now));
            update.setObject(3, utc(now));
            return read(update).stream().findFirst();
        });
    }

    /**
     * Keeps what was fetched under the terms of this version; false where they are others by now.
     *
     * @param networks null where they are what they were
     */
    boolean store(Blocklist list, Blocklist.Progress fetched, @Nullable NetworkList networks) {
        return with(STORE, update -> {
            update.setBytes(1, networks == null ? null : networks.encode());
            update.setInt(2, fetched.entries());
            update.setInt(3, fetched.refused());
            update.setString(4, fetched.sha256());
            update.setString(5, fetched.etag());
            update.setString(6, fetched.lastModified());
            update.setObject(7, fetched.fetchedAt() == null ? null : utc(fetched.fetchedAt()));
            update.setObject(8, utc(fetched.nextAt()));
            update.setString(9, list.application());
            update.setString(10, list.name());
            update.setLong(11, list.version());
            return update.executeUpdate() == 1;
        });
    }

    void fail(Blocklist list, String failure, Instant nextAt) {
        with(FAIL, update -> {
            update.setString(1, failure);
            update.setObject(2, utc(nextAt));
            update.setString(3, list.application());
            update.setString(4, list.name());
            update.setLong(5, list.version());
            return update.executeUpdate();
        });
    }

    NetworkList networks(String application, String name) {
        return with(NETWORKS, query -> {
            query.setString(1, application);
            query.setString(2, name);
            try (var rows = query.executeQuery()) {
                var encoded = rows.next() ? rows.getBytes(1) : null;
                return encoded == null ? new NetworkList(List.of()) : NetworkList.decode(encoded);
            }
        });
    }

    private int named(String sql, String application, String name) {
        return with(sql, update -> {
            update.setString(1, application);
            update.setString(2, name);
            return update.executeUpdate();
        });
    }

    private static List<Blocklist> read(PreparedStatement query) throws SQLException {
        var found = new ArrayList<Blocklist>();
        try (var rows = query.executeQuery()) {
            while (rows.next()) {
                found.add(read(rows));
            }
        }
        return found;
    }

    private static Blocklist read(ResultSet row) throws SQLException {
        var terms = new Terms(
                row.getString("url"),
                ListFormat.of(row.getString("format")),
                Duration.ofSeconds(row.getLong("refresh")),
                Duration.ofSeconds(row.getLong("expiry")),
                row.getInt("max_entries"),
                row.getBoolean("shadow"),
                row.getString("note"));
        return new Blocklist(
                row.getString("application"),
                row.getString("name"),
                terms,
                row.getLong("version"),
                time(row, "changed_at"),
                row.getString("changed_by"),
                progress(row));
    }

    private static Blocklist.Progress progress(ResultSet row) throws SQLException {
        return new Blocklist.Progress(
                row.getInt("entries"),
                row.getInt("refused"),
                row.getString("sha256"),
                row.getString("etag"),
                row.getString("last_modified"),
                timeOrNull(row, "fetched_at"),
                timeOrNull(row, "attempted_at"),
                time(row, "next_at"),
                row.getString("failure"),
                row.getInt("failures"));
    }

    private static Instant time(ResultSet row, String column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static @Nullable Instant timeOrNull(ResultSet row, String column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    private <T> T with(String sql, Work<T> work) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            return work.on(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("Blocklists cannot be reached: " + e.getMessage(), e);
        }
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }
}
