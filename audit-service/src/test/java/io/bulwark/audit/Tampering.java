package io.bulwark.audit;

import io.bulwark.testkit.TestDatabase;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/** Somebody with all rights over the database, who turns the triggers off; undone on close. Appending waits meanwhile. */
public final class Tampering implements AutoCloseable {
    private static final String[] TABLES = {"entry", "merkle_node", "head", "verification"};

    private final Connection connection;
    private final Statement statement;

    public Tampering() throws SQLException {
        connection = TestDatabase.asSuperuser();
        statement = connection.createStatement();
        statement.execute("select pg_advisory_lock(hashtextextended('audit.log', 0))");
        statement.execute("set session_replication_role = replica");
        for (var table : TABLES) {
            statement.execute("create temp table kept_%1$s as select * from audit.%1$s".formatted(table));
        }
    }

    public void change(String sql) throws SQLException {
        statement.execute(sql);
    }

    public long number(String sql) throws SQLException {
        try (var row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }

    @Override
    public void close() throws SQLException {
        for (var table : TABLES) {
            statement.execute("delete from audit." + table);
            statement.execute(
                    "insert into audit.%1$s overriding system value select * from kept_%1$s".formatted(table));
        }
        connection.close();
    }
}
