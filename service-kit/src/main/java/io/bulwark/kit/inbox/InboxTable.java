package io.bulwark.kit.inbox;

import io.agroal.api.AgroalDataSource;
import io.bulwark.events.Topic;
import io.quarkus.runtime.StartupEvent;
import io.quarkus.scheduler.Scheduled;
import jakarta.annotation.Priority;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Array;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.InstantSource;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jboss.logging.Logger;

/** Which events were consumed, a partition per day; kept as long as the longest topic, and a day. */
@ApplicationScoped
class InboxTable {
    private static final Logger LOG = Logger.getLogger(InboxTable.class);
    private static final String ACCEPT = """
            insert into inbox (day, source, id)
            select * from unnest(?::date[], ?::text[], ?::text[])
            on conflict do nothing returning source, id, day""";
    private static final String LOCK_NOT_AVAILABLE = "55P03";
    private static final String CHECK_VIOLATION = "23514";
    private static final String TURN = "hashtextextended('inbox of ' || current_schema(), 0)";

    private static final DateTimeFormatter SUFFIX = DateTimeFormatter.BASIC_ISO_DATE;
    private static final long KEPT_DAYS = Arrays.stream(Topic.values())
                    .mapToLong(topic -> topic.retention().toDays())
                    .max()
                    .orElseThrow()
            + 1;

    private final AgroalDataSource dataSource;
    private final InstantSource clock;

    InboxTable(AgroalDataSource dataSource, InstantSource clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /** Notes the events in the caller's transaction; returns those that were not yet consumed. */
    Set<EventIdentity> accept(Collection<EventIdentity> events) {
        if (events.isEmpty()) {
            return Set.of();
        }
        // In one order everywhere, so that two replicas that were handed the same events do not wait for each other.
        var sorted = events.stream()
                .sorted(Comparator.comparing(EventIdentity::id).thenComparing(EventIdentity::source))
                .toList();
        try (var connection = dataSource.getConnection();
                var insert = connection.prepareStatement(ACCEPT)) {
            insert.setArray(
                    1,
                    array(
                            connection,
                            "date",
                            sorted.stream().map(event -> event.day().toString()).toList()));
            insert.setArray(
                    2,
                    array(
                            connection,
                            "text",
                            sorted.stream().map(EventIdentity::source).toList()));
            insert.setArray(
                    3,
                    array(
                            connection,
                            "text",
                            sorted.stream().map(EventIdentity::id).toList()));
            var fresh = new HashSet<EventIdentity>();
            try (var result = insert.executeQuery()) {
                while (result.next()) {
                    fresh.add(new EventIdentity(
                            result.getString(1), result.getString(2), result.getObject(3, LocalDate.class)));
                }
            }
            return fresh;
        } catch (SQLException e) {
            throw new InboxFailure(e);
        }
    }

    void start(@Observes @Priority(1) StartupEvent event) throws SQLException {
        turnPartitions();
    }

    /**
     * Makes the partitions of the coming days and drops those that no delivery can come back to; some other time where that
     * would have to wait for whoever reads the table, a dump say, for all that is consumed would wait behind it.
     */
    @Scheduled(every = "1h", delayed = "1h")
    void turnPartitions() throws SQLException {
        try (var connection = dataSource.getConnection();
                var statement = connection.createStatement()) {
            statement.execute("set lock_timeout = '1s'");
            try (Undo patience = () -> statement.execute("reset lock_timeout")) {
                takeTurn(connection, statement);
            }
        } catch (SQLException e) {
            if (!LOCK_NOT_AVAILABLE.equals(e.getSQLState())) {
                throw e;
            }
            LOG.infof("The partitions of the inbox are left for the next hour: %s", e.getMessage());
        }
    }

    /** Postgres fails a drop where another session drops the next partition at the same moment. */
    private void takeTurn(Connection connection, Statement statement) throws SQLException {
        statement.execute("select pg_advisory_lock(" + TURN + ")");
        try (Undo turn = () -> statement.execute("select pg_advisory_unlock(" + TURN + ")")) {
            addPartitions(statement);
            dropPartitions(connection, statement);
        }
    }

    private void addPartitions(Statement statement) throws SQLException {
        for (var offset = -1; offset <= 2; offset++) {
            var day = today().plusDays(offset);
            try {
                statement.execute(
                        "create table if not exists inbox_%s partition of inbox for values from ('%s') to ('%s')"
                                .formatted(day.format(SUFFIX), day, day.plusDays(1)));
            } catch (SQLException e) {
                if (!CHECK_VIOLATION.equals(e.getSQLState())) {
                    throw e;
                }
                // Rows of that day came before their partition did: they stay in the default one.
                LOG.debugf("No partition for %s: %s", day, e.getMessage());
            }
        }
    }

    private void dropPartitions(Connection connection, Statement statement) throws SQLException {
        for (var old : partitionsBefore(connection, today().minusDays(KEPT_DAYS))) {
            statement.execute("drop table " + old);
        }
        statement.execute("delete from inbox_other where received_at < now() - interval '" + KEPT_DAYS + " days'");
    }

    private LocalDate today() {
        return clock.instant().atZone(ZoneOffset.UTC).toLocalDate();
    }

    private static List<String> partitionsBefore(Connection connection, LocalDate day) throws SQLException {
        try (var query = connection.prepareStatement("""
                select child.relname from pg_inherits join pg_class child on child.oid = inhrelid
                where inhparent = 'inbox'::regclass and child.relname ~ '^inbox_[0-9]{8}$' and child.relname < ?""")) {
            query.setString(1, "inbox_" + day.format(SUFFIX));
            var names = new ArrayList<String>();
            try (var result = query.executeQuery()) {
                while (result.next()) {
                    names.add(result.getString(1));
                }
            }
            return names;
        }
    }

    private static Array array(Connection connection, String type, List<String> values) throws SQLException {
        return connection.createArrayOf(type, values.toArray());
    }

    /** A resource, for what fails in a {@code finally} would hide what broke the connection. */
    private interface Undo extends AutoCloseable {
        @Override
        void close() throws SQLException;
    }

    /** The database did not take the batch. */
    static final class InboxFailure extends RuntimeException {
        private static final long serialVersionUID = 1L;

        InboxFailure(SQLException cause) {
            super("The batch cannot be noted in the inbox: " + cause.getMessage(), cause);
        }
    }
}
