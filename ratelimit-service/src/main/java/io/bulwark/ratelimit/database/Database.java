package io.bulwark.ratelimit.database;

import io.agroal.api.AgroalDataSource;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Statements in the caller's transaction, or each by itself where there is none. Parameters are instants, numbers, texts,
 * and lists of texts, which go as an array.
 */
@ApplicationScoped
public class Database {
    /** In the order of the lock's own key, so that two transactions never wait for each other. */
    private static final String HOLD = """
            select pg_advisory_xact_lock(lock)::text from (
                select distinct hashtextextended(held, 0) as lock
                from unnest(?::text[]) as held order by lock offset 0) as locks""";

    private static final String PRUNE = """
            delete from %1$s where ctid = any (array(
                select ctid from %1$s where %2$s < ? limit ? for update skip locked))""";

    private static final int PRUNED_TOGETHER = 10_000;

    /** The outbox takes a lock for what each announces, and the database has thousands for everybody together. */
    private static final int BATCH = 500;

    private final AgroalDataSource dataSource;

    Database(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Reads one row. */
    public interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private interface Work<T> {
        T in(PreparedStatement statement) throws SQLException;
    }

    /** All rows that the statement answers. */
    public <T> List<T> query(String sql, Row<T> row, @Nullable Object... parameters) {
        return prepared(sql, parameters, statement -> {
            var found = new ArrayList<T>();
            try (var result = statement.executeQuery()) {
                while (result.next()) {
                    found.add(row.read(result));
                }
            }
            return found;
        });
    }

    /** How many rows it concerned. */
    public int update(String sql, @Nullable Object... parameters) {
        return prepared(sql, parameters, PreparedStatement::executeUpdate);
    }

    /**
     * Forgets what is older, but for rows that somebody holds; some at a time, each in a transaction of its own.
     *
     * @param column of the table's time
     */
    public void prune(String table, String column, Instant before) {
        var some = PRUNE.formatted(table, column);
        int pruned;
        do {
            pruned = QuarkusTransaction.requiringNew().call(() -> update(some, before, PRUNED_TOGETHER));
        } while (pruned == PRUNED_TOGETHER);
    }

    /**
     * Does what is due, many together in a transaction. Where that fails each of them is done by itself, so that one keeps no
     * other back.
     *
     * @param work passes over what is no longer due
     * @throws RuntimeException what kept one from being done, once the others are
     */
    public static <T> void inBatches(List<T> due, Consumer<List<T>> work) {
        var left = new ArrayDeque<List<T>>();
        for (var from = 0; from < due.size(); from += BATCH) {
            left.add(due.subList(from, Math.min(from + BATCH, due.size())));
        }
        RuntimeException failure = null;
        while (!left.isEmpty()) {
            var batch = left.remove();
            try {
                QuarkusTransaction.requiringNew().run(() -> work.accept(batch));
            } catch (RuntimeException e) {
                if (batch.size() == 1) {
                    failure = e;
                } else {
                    batch.forEach(one -> left.add(List.of(one)));
                }
            }
        }
        if (failure != null) {
            throw failure;
        }
    }

    /** Keeps everybody else who holds this from going on until the transaction ends. */
    public void hold(String lock) {
        hold(List.of(lock));
    }

    /** As {@link #hold(String)}. All of a transaction in one call. */
    public void hold(Collection<String> locks) {
        query(HOLD, row -> row.getString(1), locks);
    }

    private <T> T prepared(String sql, @Nullable Object[] parameters, Work<T> work) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            for (var i = 0; i < parameters.length; i++) {
                statement.setObject(i + 1, sqlValue(connection, parameters[i]));
            }
            return work.in(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("The database refuses: " + e.getMessage(), e);
        }
    }

    private static @Nullable Object sqlValue(Connection connection, @Nullable Object value) throws SQLException {
        return switch (value) {
            case null -> null;
            case Instant instant -> instant.atOffset(ZoneOffset.UTC);
            case Collection<?> texts -> connection.createArrayOf("text", texts.toArray());
            default -> value;
        };
    }

    /** One column of what is inserted together. */
    public static <T> List<String> column(Collection<T> rows, Function<T, Object> value) {
        return rows.stream().map(value).map(Object::toString).toList();
    }

    /** A {@code timestamptz}. */
    public static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    /** A {@code timestamptz} that may be null. */
    public static @Nullable Instant instantOrNull(ResultSet row, int column) throws SQLException {
        var time = row.getObject(column, OffsetDateTime.class);
        return time == null ? null : time.toInstant();
    }
}
