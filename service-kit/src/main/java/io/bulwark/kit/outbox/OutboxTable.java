package io.bulwark.kit.outbox;

import io.agroal.api.AgroalDataSource;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Types;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jspecify.annotations.Nullable;

/** The SQL of the outbox. */
@ApplicationScoped
@Unremovable
class OutboxTable {
    /** In the order of the lock's own key, so that two transactions never wait for each other. */
    private static final String LOCK_KEYS = """
            select pg_advisory_xact_lock(lock) from (
                select distinct hashtextextended(?::text || ':' || ordered_by, 0) as lock
                from unnest(?::text[]) as ordered_by order by lock offset 0) as locks""";

    private static final String INSERT =
            "insert into outbox (id, topic, key, headers, value) values (?, ?, ?, ?, ?) on conflict (id) do nothing";

    /** Postgres knows how long a value is without reading it. */
    private static final String UNSENT = """
            select seq, topic, key, headers, value, extract(epoch from created_at) * 1000 from (
                select *, sum(octet_length(value)) over (
                    order by seq rows between unbounded preceding and 1 preceding) as before
                from (select * from outbox where sent_at is null order by seq limit ?) as oldest) as measured
            where coalesce(before, 0) < ? order by seq""";

    private final AgroalDataSource dataSource;
    private final String schema;

    OutboxTable(AgroalDataSource dataSource, @ConfigProperty(name = "bulwark.schema") String schema) {
        this.dataSource = dataSource;
        this.schema = schema;
    }

    /** A row as the relay sends it. */
    record Unsent(
            long seq, String topic, @Nullable String key, String[] headers, byte @Nullable [] value, long createdAt) {}

    /** How many rows wait, and how long the oldest has. */
    record Backlog(long depth, double ageSeconds) {}

    /** The NOTIFY channel, and the name of the relay's lock. */
    String channel() {
        return "outbox_" + schema;
    }

    /** Takes part in the caller's transaction. */
    void insert(List<OutboxRow> rows, boolean notify) {
        try (var connection = dataSource.getConnection()) {
            lockKeys(connection, rows);
            try (var insert = connection.prepareStatement(INSERT)) {
                for (var row : rows) {
                    bind(insert, row, connection);
                    insert.addBatch();
                }
                insert.executeBatch();
            }
            if (notify) {
                execute(connection, "select pg_notify('" + channel() + "', '')");
            }
        } catch (SQLException e) {
            throw new OutboxFailure(e);
        }
    }

    /** A connection of the relay's own, outside any transaction. */
    Connection connect() throws SQLException {
        return dataSource.getConnection();
    }

    /** True where this session now holds the relay's lock. */
    boolean tryLead(Connection connection) throws SQLException {
        try (var lock = connection.prepareStatement("select pg_try_advisory_lock(hashtextextended(?, 1))")) {
            lock.setString(1, channel());
            try (var result = lock.executeQuery()) {
                return result.next() && result.getBoolean(1);
            }
        }
    }

    void standDown(Connection connection) throws SQLException {
        execute(connection, "select pg_advisory_unlock_all()");
    }

    /**
     * The oldest, one at least.
     *
     * @param bytes with whose values none is added any more
     */
    List<Unsent> unsent(Connection connection, int limit, int bytes) throws SQLException {
        try (var query = connection.prepareStatement(UNSENT)) {
            query.setInt(1, limit);
            query.setInt(2, bytes);
            var rows = new ArrayList<Unsent>();
            try (var result = query.executeQuery()) {
                while (result.next()) {
                    rows.add(new Unsent(
                            result.getLong(1),
                            result.getString(2),
                            result.getString(3),
                            (String[]) result.getArray(4).getArray(),
                            result.getBytes(5),
                            result.getLong(6)));
                }
            }
            return rows;
        }
    }

    void markSent(Connection connection, List<Unsent> sent) throws SQLException {
        try (var update =
                connection.prepareStatement("update outbox set sent_at = clock_timestamp() where seq = any (?)")) {
            update.setArray(
                    1,
                    connection.createArrayOf(
                            "bigint", sent.stream().map(Unsent::seq).toArray()));
            update.executeUpdate();
        }
    }

    int prune(Connection connection, Duration keep) throws SQLException {
        try (var delete = connection.prepareStatement("""
                delete from outbox where seq in (
                    select seq from outbox where sent_at < clock_timestamp() - make_interval(secs => ?) limit 20000)""")) {
            delete.setDouble(1, keep.toSeconds());
            return delete.executeUpdate();
        }
    }

    Backlog backlog(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("""
                        select count(*), coalesce(extract(epoch from clock_timestamp() - min(created_at)), 0)
                        from outbox where sent_at is null""");
                var result = query.executeQuery()) {
            result.next();
            return new Backlog(result.getLong(1), result.getDouble(2));
        }
    }

    private void lockKeys(Connection connection, List<OutboxRow> rows) throws SQLException {
        try (var lock = connection.prepareStatement(LOCK_KEYS)) {
            lock.setString(1, schema);
            lock.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            rows.stream()
                                    .filter(OutboxRow::ordered)
                                    .map(OutboxRow::orderedBy)
                                    .distinct()
                                    .toArray()));
            lock.execute();
        }
    }

    private static void bind(PreparedStatement insert, OutboxRow row, Connection connection) throws SQLException {
        insert.setObject(1, row.id(), Types.OTHER);
        insert.setString(2, row.topic());
        insert.setString(3, row.key());
        insert.setArray(4, connection.createArrayOf("text", row.headers()));
        insert.setBytes(5, row.value());
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /** The database refused an event; the caller's transaction rolls back. */
    static final class OutboxFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        OutboxFailure(SQLException cause) {
            super("The event cannot be written to the outbox: " + cause.getMessage(), cause);
        }
    }
}
