package io.bulwark.ratelimit.detection;

import io.agroal.api.AgroalDataSource;
import io.bulwark.kit.net.Network;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Failed sign-ins, counted in Postgres so that every replica counts the same. Takes part in the caller's transaction. */
@ApplicationScoped
class LoginFailures {
    /**
     * Addresses of one /64 are spread over partitions, and so over replicas: whoever counts a place holds it alone. In
     * the order of the lock's own key, so that two transactions never wait for each other.
     */
    private static final String HOLD = """
            select pg_advisory_xact_lock(lock) from (
                select distinct hashtextextended('login-failures:' || place, 0) as lock
                from unnest(?::text[]) as place order by lock offset 0) as locks""";

    private static final String INSERT = """
            insert into login_failure (application, subject, failed_at)
            select * from unnest(?::text[], ?::cidr[], ?::timestamptz[])""";

    private static final String NEWEST = """
            select failed_at from login_failure
            where application = ? and subject = ?::cidr and failed_at > ? and failed_at <= ?
            order by failed_at desc limit ?""";

    private static final String OFFENDERS = """
            select application, subject::text, count(*), min(failed_at), max(failed_at) from login_failure
            where failed_at >= ? and (?::text is null or application = ?)
            group by application, subject having count(*) > ?
            order by count(*) desc, subject, application limit ?""";

    private static final String PRUNE = """
            delete from login_failure where ctid = any (array(
                select ctid from login_failure where received_at < ? limit ? for update skip locked))""";

    private final AgroalDataSource dataSource;

    LoginFailures(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    /** Where failures count together. */
    record Place(String application, Network subject) {
        String lock() {
            return application + " " + subject;
        }
    }

    /** One failed sign-in. */
    record Failure(Place place, Instant at) {}

    /** A place that failed often. */
    record Offender(String application, Network subject, long failures, Instant firstAt, Instant lastAt) {}

    /** Keeps everybody else from counting these places until the transaction ends. */
    void hold(Collection<Place> places) {
        query(HOLD, (statement, connection) -> {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", places.stream().map(Place::lock).toArray()));
            return statement.execute();
        });
    }

    void add(List<Failure> failures) {
        query(INSERT, (statement, connection) -> {
            statement.setArray(
                    1,
                    connection.createArrayOf(
                            "text", column(failures, f -> f.place().application())));
            statement.setArray(
                    2,
                    connection.createArrayOf(
                            "text", column(failures, f -> f.place().subject())));
            statement.setArray(3, connection.createArrayOf("text", column(failures, Failure::at)));
            return statement.executeUpdate();
        });
    }

    /** The newest failures of a place after one time and until another, newest first. */
    List<Instant> newest(Place place, Instant after, Instant until, int most) {
        return query(NEWEST, (statement, connection) -> {
            statement.setString(1, place.application());
            statement.setString(2, place.subject().toString());
            statement.setObject(3, utc(after));
            statement.setObject(4, utc(until));
            statement.setInt(5, most);
            return rows(statement, row -> instant(row, 1));
        });
    }

    /** Those with more failures than {@code min} since then, the worst first. */
    List<Offender> offenders(@Nullable String application, Instant since, int min, int limit) {
        return query(OFFENDERS, (statement, connection) -> {
            statement.setObject(1, utc(since));
            statement.setString(2, application);
            statement.setString(3, application);
            statement.setInt(4, min);
            statement.setInt(5, limit);
            return rows(
                    statement,
                    row -> new Offender(
                            row.getString(1),
                            Network.parse(row.getString(2)),
                            row.getLong(3),
                            instant(row, 4),
                            instant(row, 5)));
        });
    }

    /** Forgets some of those that came before then. */
    int prune(Instant receivedBefore, int most) {
        return query(PRUNE, (statement, connection) -> {
            statement.setObject(1, utc(receivedBefore));
            statement.setInt(2, most);
            return statement.executeUpdate();
        });
    }

    private interface Work<T> {
        T in(PreparedStatement statement, Connection connection) throws SQLException;
    }

    private interface Row<T> {
        T read(ResultSet row) throws SQLException;
    }

    private <T> T query(String sql, Work<T> work) {
        try (var connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            return work.in(statement, connection);
        } catch (SQLException e) {
            throw new IllegalStateException("Failed sign-ins cannot be counted: " + e.getMessage(), e);
        }
    }

    private static <T> List<T> rows(PreparedStatement statement, Row<T> row) throws SQLException {
        var found = new ArrayList<T>();
        try (var result = statement.executeQuery()) {
            while (result.next()) {
                found.add(row.read(result));
            }
        }
        return found;
    }

    private static Object[] column(List<Failure> failures, Function<Failure, Object> value) {
        return failures.stream().map(value).map(Object::toString).toArray();
    }

    private static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }

    private static OffsetDateTime utc(Instant instant) {
        return instant.atOffset(ZoneOffset.UTC);
    }
}
