package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Frontier;
import io.bulwark.audit.merkle.Hash;
import java.sql.Connection;
import java.sql.SQLException;

/**
 * How far the log reaches, and what it adds up to.
 *
 * @param frontier the right edge of the tree, as {@link Frontier#bytes()} writes it
 */
public record Head(long size, Hash root, byte[] frontier) {

    /** @throws IllegalArgumentException where the frontier cannot be that of a tree of this size */
    public Head {
        Frontier.of(size, frontier);
    }

    /** @throws LogDamaged where it is gone or cannot be read */
    public static Head read(Connection connection) throws SQLException {
        try (var query = connection.prepareStatement("select size, root, frontier from head");
                var row = query.executeQuery()) {
            if (!row.next()) {
                throw new LogDamaged("the head is gone");
            }
            return new Head(row.getLong(1), Hash.of(row.getBytes(2)), row.getBytes(3));
        } catch (IllegalArgumentException e) {
            throw new LogDamaged("the head cannot be read: " + e.getMessage());
        }
    }

    static void write(Connection connection, Frontier frontier) throws SQLException {
        try (var update = connection.prepareStatement("update head set size = ?, root = ?, frontier = ?")) {
            update.setLong(1, frontier.size());
            update.setBytes(2, frontier.root().bytes());
            update.setBytes(3, frontier.bytes());
            update.executeUpdate();
        }
    }

    /** @throws LogDamaged where its parts do not agree: nothing must be appended to such a log */
    Frontier edge() {
        var edge = Frontier.of(size, frontier);
        if (!edge.root().equals(root)) {
            throw new LogDamaged("the head's root is not what its frontier adds up to");
        }
        return edge;
    }
}
