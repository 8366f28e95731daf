package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresServerTest {
    @TempDir
    static Path home;

    private static PostgresServer server;

    @BeforeAll
    static void start() {
        server = PostgresServer.start(Machine.ROOT, StackState.open(home), Ports.freeBase(1));
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void superuserWithAWrongPasswordIsRefused() {
        var url = server.access().jdbcUrl("postgres");

        assertThatThrownBy(() -> DriverManager.getConnection(url, "postgres", "postgres"))
                .isInstanceOf(SQLException.class)
                .hasMessageContaining("password authentication failed");
    }

    @Test
    void secretsAreForTheOwnerOfTheHomeAlone() throws Exception {
        assertThat(Files.getPosixFilePermissions(home.resolve("state.json")))
                .isEqualTo(PosixFilePermissions.fromString("rw-------"));
    }

    @Test
    void roleReadsItsOwnSchemaAndNoOther() throws Exception {
        try (var auth = server.access().connect(PostgresAccess.DATABASE, "auth");
                var audit = server.access().connect(PostgresAccess.DATABASE, "audit");
                var dump = server.access().connect(PostgresAccess.DATABASE, PostgresAccess.DUMP_ROLE)) {
            execute(auth, "create table secret (word text)");

            execute(auth, "select * from secret");
            execute(dump, "select * from auth.secret");
            assertThatThrownBy(() -> execute(audit, "select * from auth.secret"))
                    .hasMessageContaining("permission denied for schema auth");
            assertThatThrownBy(() -> execute(dump, "insert into auth.secret values ('x')"))
                    .hasMessageContaining("permission denied");
            assertThatThrownBy(() -> execute(audit, "create table public.leak (word text)"))
                    .hasMessageContaining("permission denied for schema public");
        }
    }

    @Test
    void furtherDatabaseHasTheSameLayout() throws Exception {
        server.access().createDatabase("further");
        server.access().createDatabase("further");

        try (var incident = server.access().connect("further", "incident")) {
            execute(incident, "create table note (line text)");
            assertThatThrownBy(() -> execute(incident, "create table backup.note (line text)"))
                    .hasMessageContaining("permission denied for schema backup");
        }
        server.access().dropDatabase("further");
        assertThatThrownBy(() -> server.access().connect("further", "incident")).hasMessageContaining("does not exist");
    }

    @Test
    void committedRowsSurviveAKill() throws Exception {
        try (var ratelimit = server.access().connect(PostgresAccess.DATABASE, "ratelimit")) {
            execute(ratelimit, "create table kept (line text)");
            execute(ratelimit, "insert into kept values ('committed')");
            server.kill();
        }
        assertThat(server.alive()).isFalse();

        server.restart();

        try (var ratelimit = server.access().connect(PostgresAccess.DATABASE, "ratelimit");
                var rows = ratelimit.createStatement().executeQuery("select line from kept")) {
            assertThat(rows.next()).isTrue();
            assertThat(rows.getString(1)).isEqualTo("committed");
        }
    }

    @Test
    void noteOfAProcessThatIsNowAnotherProgramDoesNotKeepItDown() throws Exception {
        server.kill();
        var noted = home.resolve("postgres/postmaster.pid");
        var lines = new ArrayList<>(Files.readAllLines(noted));
        lines.set(0, Long.toString(ProcessHandle.current().pid()));
        Files.write(noted, lines);

        server.restart();

        assertThat(server.alive()).isTrue();
    }

    private static void execute(Connection connection, String sql) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }
}
