package io.bulwark.localstack;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.regex.Pattern;

/** How to reach a {@link PostgresServer}, in this process or another, and the layout of its databases. */
public final class PostgresAccess {
    /** The database of the suite. */
    public static final String DATABASE = "bulwark";

    /** The role that pg_dump reads with. */
    public static final String DUMP_ROLE = "bulwark_dump";

    /** Owns the server. */
    public static final String SUPERUSER = "postgres";

    /** Five roles of these, the dump's ten and three for a superuser fit into max_connections. */
    private static final int CONNECTIONS_PER_ROLE = 45;

    private static final int CONNECTIONS_FOR_DUMPS = 10;
    private static final Pattern PLAIN_NAME = Pattern.compile("[a-z][a-z0-9_]{0,62}");

    private final StackState state;

    PostgresAccess(StackState state) {
        this.state = state;
    }

    public int port() {
        return state.port(PostgresServer.NAME);
    }

    public String jdbcUrl(String database) {
        return "jdbc:postgresql://127.0.0.1:" + port() + "/" + database;
    }

    /** The password of a login role: a schema's or {@link #DUMP_ROLE}. */
    public String password(String role) {
        return state.secret("postgres/" + role);
    }

    public String superuserPassword() {
        return password(SUPERUSER);
    }

    public Connection connect(String database, String role) throws SQLException {
        return DriverManager.getConnection(jdbcUrl(database), role, password(role));
    }

    /** For what no role of the suite may do. */
    public Connection connectAsSuperuser(String database) throws SQLException {
        return connect(database, SUPERUSER);
    }

    /** A further database with the same schemas and rights as {@link #DATABASE}; nothing happens where it exists. */
    public void createDatabase(String database) {
        requirePlain(database);
        try (var connection = connectAsSuperuser("postgres")) {
            create(connection, database);
        } catch (SQLException e) {
            throw new StackFailure("Cannot create database " + database + ": " + e.getMessage(), e);
        }
    }

    /** Drops a database, ending its sessions. */
    public void dropDatabase(String database) {
        requirePlain(database);
        try (var connection = connectAsSuperuser("postgres")) {
            execute(connection, "drop database if exists " + database + " with (force)");
        } catch (SQLException e) {
            throw new StackFailure("Cannot drop database " + database + ": " + e.getMessage(), e);
        }
    }

    /** Roles and the suite's database, as far as they are not there yet. */
    void prepare() {
        try (var connection = connectAsSuperuser("postgres")) {
            for (var schema : SuiteService.schemas()) {
                createRole(connection, schema, CONNECTIONS_PER_ROLE);
                execute(connection, "alter role " + schema + " set search_path = " + schema);
            }
            createRole(connection, DUMP_ROLE, CONNECTIONS_FOR_DUMPS);
            execute(connection, "grant pg_read_all_data to " + DUMP_ROLE);
            create(connection, DATABASE);
        } catch (SQLException e) {
            throw new StackFailure("PostgreSQL runs, but cannot be set up: " + e.getMessage(), e);
        }
    }

    private void create(Connection connection, String database) throws SQLException {
        if (!exists(connection, "select 1 from pg_database where datname = ?", database)) {
            execute(connection, "create database " + database);
        }
        var everyone = String.join(", ", SuiteService.schemas()) + ", " + DUMP_ROLE;
        execute(connection, "revoke all on database " + database + " from public");
        execute(connection, "grant connect on database " + database + " to " + everyone);
        try (var inside = connectAsSuperuser(database)) {
            execute(inside, "revoke all on schema public from public");
            for (var schema : SuiteService.schemas()) {
                execute(inside, "create schema if not exists " + schema + " authorization " + schema);
            }
        }
    }

    private void createRole(Connection connection, String role, int connections) throws SQLException {
        if (!exists(connection, "select 1 from pg_roles where rolname = ?", role)) {
            execute(
                    connection,
                    "create role " + role + " login connection limit " + connections + " password '" + password(role)
                            + "'");
        }
    }

    private static boolean exists(Connection connection, String query, String name) throws SQLException {
        try (var statement = connection.prepareStatement(query)) {
            statement.setString(1, name);
            return statement.executeQuery().next();
        }
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    private static void requirePlain(String database) {
        if (!PLAIN_NAME.matcher(database).matches()
                || List.of("postgres", "template0", "template1").contains(database)) {
            throw new IllegalArgumentException("Not a name for a database: " + database);
        }
    }
}
