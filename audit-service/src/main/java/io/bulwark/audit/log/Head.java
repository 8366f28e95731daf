package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Frontier;
import io.bulwark.audit.merkle.Hash;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Optional;

/**
 * How far the log reaches, and what it adds up to.
 *
 * @param frontier the right edge of the tree, as {@link Frontier#bytes()} writes it
 */
public record Head(long size, Hash root, byte[] frontier) {

    /** The head of a log without entries. */
    public static final Head EMPTY = new Head(0, Hash.EMPTY_TREE, new byte[0]);

    /** Empty only where somebody deleted it. */
    public static Optional<Head> find(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("select size, root, frontier from head");
                var row = query.executeQuery()) {
            return row.next()
                    ? Optional.of(new Head(row.getLong(1), Hash.of(row.getBytes(2)), row.getBytes(3)))
                    : Optional.empty();
        }
    }

    static Head read(Connection connection) throws SQLException {
        return find(connection).orElseThrow(() -> new HeadAltered("there is none"));
    }

    static void write(Connection connection, Frontier frontier) throws SQLException {
        try (var update = connection.prepareStatement("update head set size = ?, root = ?, frontier = ?")) {
            update.setLong(1, frontier.size());
            update.setBytes(2, frontier.root().bytes());
            update.setBytes(3, frontier.bytes());
            update.executeUpdate();
        }
    }

    /** @throws HeadAltered where its parts do not agree: nothing must be appended to such a log */
    Frontier edge() {
        try {
            var edge = Frontier.of(size, frontier);
            if (edge.root().equals(root)) {
                return edge;
            }
        } catch (IllegalArgumentException e) {
            throw new HeadAltered(e.getMessage());
        }
        throw new HeadAltered("its edge does not add up to its root");
    }

    /** Somebody changed the head behind the log's back. Consumption stops at it; nothing is lost, Kafka keeps the events. */
    static final class HeadAltered extends IllegalStateException {
        private static final long serialVersionUID = 1L;

        HeadAltered(String how) {
            super("The head of the audit log was altered, nothing is appended: " + how);
        }
    }
}
