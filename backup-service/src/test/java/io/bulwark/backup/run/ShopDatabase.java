package io.bulwark.backup.run;

import io.bulwark.backup.TestStore;
import io.bulwark.localstack.PostgresAccess;
import java.sql.Connection;
import java.sql.SQLException;

/** A database to back up, and to restore to. */
final class ShopDatabase {
    static final String NAME = "test_backup_shop";
    static final String RESTORED = "test_backup_restored";
    static final String EMPTY = "test_backup_empty";
    static final int ORDERS = 20_000;

    private static boolean created;

    private ShopDatabase() {}

    static PostgresAccess server() {
        return TestStore.postgres();
    }

    /** Once for all tests. */
    static synchronized void create() throws SQLException {
        if (created) {
            return;
        }
        for (var name : new String[] {NAME, RESTORED, EMPTY}) {
            execute(
                    "postgres",
                    "drop database if exists " + name + " with (force)",
                    "create database " + name + " template template0");
        }
        execute(
                NAME,
                "create table customer (id int primary key, name text)",
                "insert into customer select n, 'Customer ' || n from generate_series(1, 50) n",
                // Compresses badly: its object takes more than one part.
                "create table purchase (id int primary key, customer int references customer, note text)",
                """
                insert into purchase select n, n %% 50 + 1,
                    (select string_agg(md5(n::text || part), '') from generate_series(1, 30) part)
                from generate_series(1, %d) n""".formatted(ORDERS));
        created = true;
    }

    static long count(String database, String table) throws SQLException {
        try (var connection = server().connectAsSuperuser(database);
                var statement = connection.createStatement();
                var rows = statement.executeQuery("select count(*) from " + table)) {
            rows.next();
            return rows.getLong(1);
        }
    }

    /** Until it is closed, a dump waits. */
    static Connection lockTable() throws SQLException {
        var connection = server().connectAsSuperuser(NAME);
        connection.setAutoCommit(false);
        try (var statement = connection.createStatement()) {
            statement.execute("lock table purchase in access exclusive mode");
        }
        return connection;
    }

    static void execute(String database, String... commands) throws SQLException {
        try (var connection = server().connectAsSuperuser(database);
                var statement = connection.createStatement()) {
            for (var command : commands) {
                statement.execute(command);
            }
        }
    }
}
