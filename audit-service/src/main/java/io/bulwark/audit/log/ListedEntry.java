package io.bulwark.audit.log;

import io.bulwark.audit.merkle.Hash;
import java.sql.ResultSet;
import java.sql.SQLException;

/** What lists show of an entry: without its leaf and payload, a page of them fits into memory. */
public record ListedEntry(long index, Hash leafHash, Projection columns) {
    /** What {@link #read} expects of a query. */
    public static final String COLUMNS = "index, leaf_hash, " + Entry.PROJECTED;

    public static ListedEntry read(ResultSet row) throws SQLException {
        return new ListedEntry(row.getLong("index"), Hash.of(row.getBytes("leaf_hash")), Entry.projected(row));
    }
}
