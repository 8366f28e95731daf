package io.bulwark.audit.verification;

import io.bulwark.audit.log.Entry;
import io.bulwark.audit.log.Head;
import io.bulwark.audit.merkle.Hash;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One reading of the whole log, in one snapshot and in bounded memory. */
final class LogScan implements AutoCloseable {
    /** A leaf takes up to 64 KiB, its columns half of that, and the driver holds them twice as long in hex. */
    private static final int FETCH = 64;

    private static final String ENTRIES =
            "select " + Entry.COLUMNS + ", payload is not null as has_payload from entry order by index";

    private final PreparedStatement entries;
    private final PreparedStatement whole;
    private final PreparedStatement nodes;
    private final PreparedStatement nodeCount;
    private final @Nullable Head head;
    private final @Nullable Seen before;
    private final Findings findings;
    private final TreeCheck tree;

    /** What a verification saw of the log. */
    record Seen(long size, Hash root) {}

    /**
     * @param connection in a transaction, or all of the log would be fetched at once
     * @param head null where it cannot be read: then the stored hashes and the earlier verification vouch for the entries
     * @param before of an earlier verification; null where there is none
     */
    LogScan(Connection connection, @Nullable Head head, @Nullable Seen before, Findings findings) throws SQLException {
        this.entries = connection.prepareStatement(ENTRIES);
        this.whole = connection.prepareStatement("select " + Entry.COLUMNS_AND_PAYLOAD + " from entry where index = ?");
        this.nodes = connection.prepareStatement("select hash from merkle_node where level = ? and index = ?");
        this.nodeCount = connection.prepareStatement("select count(*) from merkle_node");
        this.head = head;
        this.before = before;
        this.findings = findings;
        this.tree = new TreeCheck(this::node, findings);
        entries.setFetchSize(FETCH);
    }

    /** @return what the head says; where it cannot be read, what the entries add up to */
    Seen run() throws SQLException {
        try (var rows = entries.executeQuery()) {
            while (rows.next()) {
                row(rows);
            }
        }
        if (head != null && tree.size() < head.size()) {
            findings.addRange(tree.size(), head.size(), "missing");
        }
        compareWithBefore();
        var seen = head == null ? new Seen(tree.size(), tree.root()) : new Seen(head.size(), head.root());
        if (before != null && before.size() > seen.size()) {
            findings.add(null, null, "the log ends before the " + before.size() + " entries that it once held");
        }
        if (head != null) {
            tree.compareWith(head);
        }
        checkNodeCount(seen.size());
        return seen;
    }

    private void row(ResultSet row) throws SQLException {
        long index = row.getLong("index");
        if (head != null && index >= head.size()) {
            findings.add(index, row.getString("event_id"), "lies beyond the head, which says " + head.size());
            return;
        }
        if (tree.size() < index) {
            findings.addRange(tree.size(), index, "missing");
            tree.appendMissing(index - tree.size());
        }
        compareWithBefore();
        Entry entry;
        boolean sound;
        try {
            entry = read(row);
            sound = EntryCheck.isSound(entry, findings);
        } catch (RuntimeException e) {
            findings.add(index, row.getString("event_id"), "the row cannot be read: " + e.getMessage());
            tree.appendMissing(1);
            return;
        }
        tree.append(entry.leafHash(), sound);
    }

    /** A payload takes up to 1 MiB: none is read with others. */
    private Entry read(ResultSet row) throws SQLException {
        if (!row.getBoolean("has_payload")) {
            return Entry.read(row);
        }
        whole.setLong(1, row.getLong("index"));
        try (var entry = whole.executeQuery()) {
            entry.next();
            return Entry.read(entry);
        }
    }

    private void compareWithBefore() {
        if (before != null
                && tree.size() == before.size()
                && !findings.areAboutEntries()
                && !tree.root().equals(before.root())) {
            findings.addRange(0, before.size(), "are not those that an earlier verification saw");
        }
    }

    private void checkNodeCount(long size) throws SQLException {
        long expected = 0;
        for (long level = size >> 8; level > 0; level >>= 8) {
            expected += level;
        }
        try (var row = nodeCount.executeQuery()) {
            row.next();
            if (row.getLong(1) > expected) {
                findings.add(null, null, "there are " + (row.getLong(1) - expected) + " tree nodes too many");
            }
        }
    }

    private @Nullable Hash node(int level, long index) {
        try {
            nodes.setInt(1, level);
            nodes.setLong(2, index);
            try (var row = nodes.executeQuery()) {
                return row.next() ? Hash.of(row.getBytes(1)) : null;
            }
        } catch (SQLException e) {
            throw new ScanInterrupted(e);
        }
    }

    @Override
    public void close() throws SQLException {
        entries.close();
        whole.close();
        nodes.close();
        nodeCount.close();
    }

    /** The database did not answer. */
    static final class ScanInterrupted extends RuntimeException {
        private static final long serialVersionUID = 1L;

        ScanInterrupted(SQLException cause) {
            super("The log cannot be read to its end: " + cause.getMessage(), cause);
        }
    }
}
