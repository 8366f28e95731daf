package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Hash;
import io.bulwark.events.Topic;
import io.bulwark.kit.inbox.RawEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/**
 * The one writer of the log. Appends stand in line for a lock, so that indices are those of the commits, without gaps:
 * a sequence would let a reader pass over an index whose transaction commits late.
 */
@ApplicationScoped
class Log {
    static final int STORED_LEVEL_STEP = 8;

    private static final String LOCK = "select pg_advisory_xact_lock(hashtextextended('audit.log', 0))";
    private static final String INSERT_NODE = "insert into merkle_node (level, index, hash) values (?, ?, ?)";
    private static final String KNOWN = "select " + Entry.COLUMNS + " from entry"
            + " where (source, event_id) in (select * from unnest(?::text[], ?::text[]))";

    private final DataSource dataSource;
    private final InstantSource clock;

    Log(DataSource dataSource, InstantSource clock) {
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * What became of a batch.
     *
     * @param conflicts events that say something else under an identity that the log holds: forged, or a producer's bug
     */
    record Appended(long size, List<Entry> entries, List<Entry> conflicts) {}

    private record Identity(String source, String eventId) {
        static Identity of(Entry entry) {
            return new Identity(entry.columns().source(), entry.columns().eventId());
        }
    }

    private record Node(int level, long index, Hash hash) {}

    /** Appends those events that the log does not hold yet, in the caller's transaction. */
    @Transactional(Transactional.TxType.MANDATORY)
    Appended append(Topic topic, List<RawEvent> events) {
        var candidates = candidates(topic, events);
        try (var connection = dataSource.getConnection()) {
            try (var lock = connection.createStatement()) {
                lock.execute(LOCK);
            }
            var known = known(connection, candidates);
            var frontier = Head.read(connection).edge();
            var fresh = new LinkedHashMap<Identity, Entry>();
            var conflicts = new ArrayList<Entry>();
            var nodes = new ArrayList<Node>();
            for (var candidate : candidates) {
                var identity = Identity.of(candidate);
                var held = known.getOrDefault(identity, fresh.get(identity));
                if (held == null) {
                    var entry = candidate.at(frontier.size());
                    fresh.put(identity, entry);
                    frontier.append(entry.leafHash(), (level, index, hash) -> {
                        if (level % STORED_LEVEL_STEP == 0) {
                            nodes.add(new Node(level, index, hash));
                        }
                    });
                } else if (!held.tellsTheSameAs(candidate)) {
                    conflicts.add(candidate);
                }
            }
            if (!fresh.isEmpty()) {
                insert(connection, fresh.values(), nodes);
                Head.write(connection, frontier);
            }
            return new Appended(frontier.size(), List.copyOf(fresh.values()), conflicts);
        } catch (SQLException e) {
            throw new AppendFailed(e);
        }
    }

    Head head() throws SQLException {
        try (var connection = dataSource.getConnection()) {
            return Head.read(connection);
        }
    }

    /** Hashing and parsing come before the lock: only what depends on the order happens under it. */
    private List<Entry> candidates(Topic topic, List<RawEvent> events) {
        var now = clock.instant();
        return events.stream()
                .map(event -> Entry.of(
                        Leaf.of(now, topic.topicName(), event.key(), event.envelope(), event.value()), event.value()))
                .toList();
    }

    private static Map<Identity, Entry> known(Connection connection, List<Entry> candidates) throws SQLException {
        try (var query = connection.prepareStatement(KNOWN)) {
            query.setArray(
                    1,
                    connection.createArrayOf(
                            "text",
                            candidates.stream().map(e -> e.columns().source()).toArray()));
            query.setArray(
                    2,
                    connection.createArrayOf(
                            "text",
                            candidates.stream().map(e -> e.columns().eventId()).toArray()));
            var known = new LinkedHashMap<Identity, Entry>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    var entry = Entry.read(rows);
                    known.put(Identity.of(entry), entry);
                }
            }
            return known;
        }
    }

    private static void insert(Connection connection, Iterable<Entry> entries, List<Node> nodes) throws SQLException {
        try (var insert = connection.prepareStatement(Entry.INSERT)) {
            for (var entry : entries) {
                entry.addTo(insert);
            }
            insert.executeBatch();
        }
        try (var insert = connection.prepareStatement(INSERT_NODE)) {
            for (var node : nodes) {
                insert.setInt(1, node.level());
                insert.setLong(2, node.index());
                insert.setBytes(3, node.hash().bytes());
                insert.addBatch();
            }
            insert.executeBatch();
        }
    }

    /** The database did not take the batch. */
    static final class AppendFailed extends RuntimeException {
        private static final long serialVersionUID = 1L;

        AppendFailed(SQLException cause) {
            super("The batch cannot be appended to the log: " + cause.getMessage(), cause);
        }
    }
}
