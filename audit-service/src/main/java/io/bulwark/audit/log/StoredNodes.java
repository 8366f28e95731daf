package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Frontier;
import io.bulwark.audit.merkle.Hash;
import io.bulwark.audit.merkle.Nodes;
import java.sql.Connection;
import java.sql.SQLException;

/** The subtrees of the log: every eighth level is stored, the others are folded from the stored one below. */
final class StoredNodes implements Nodes {
    private static final String LEAVES = "select leaf_hash from entry where index >= ? and index < ? order by index";
    private static final String NODES =
            "select hash from merkle_node where index >= ? and index < ? and level = ? order by index";

    private final Connection connection;

    StoredNodes(Connection connection) {
        this.connection = connection;
    }

    @Override
    public Hash hash(int level, long index) {
        int stored = level - level % Log.STORED_LEVEL_STEP;
        int height = level - stored;
        long from = index << height;
        long to = (index + 1) << height;
        var subtree = new Frontier();
        try (var query = connection.prepareStatement(stored == 0 ? LEAVES : NODES)) {
            query.setLong(1, from);
            query.setLong(2, to);
            if (stored > 0) {
                query.setInt(3, stored);
            }
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    subtree.append(Hash.of(rows.getBytes(1)), (completedLevel, at, hash) -> {});
                }
            }
        } catch (SQLException e) {
            throw new NodesUnreadable(e);
        }
        if (subtree.size() != to - from) {
            throw new LogDamaged("entries or tree nodes are gone that the head vouches for");
        }
        return subtree.root();
    }

    /** The database did not answer. */
    static final class NodesUnreadable extends RuntimeException {
        private static final long serialVersionUID = 1L;

        NodesUnreadable(SQLException cause) {
            super("The nodes of the log cannot be read: " + cause.getMessage(), cause);
        }
    }
}
