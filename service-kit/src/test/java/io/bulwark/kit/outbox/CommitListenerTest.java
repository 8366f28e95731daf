package io.bulwark.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.localstack.PostgresAccess;
import io.bulwark.localstack.SharedServers;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.postgresql.PGConnection;

class CommitListenerTest {
    private static final String CHANNEL = "outbox_listened_to";
    private static final int PATIENCE = 20;

    private final PostgresAccess postgres =
            SharedServers.acquire(Path.of(System.getProperty("bulwark.root"))).postgres();
    private final Semaphore heard = new Semaphore(0);

    @Test
    void hearsEveryCommitThatTells() throws Exception {
        try (var other = connect();
                var listener = CommitListener.start(connect(), CHANNEL, heard::release)) {
            for (var i = 0; i < 3; i++) {
                tell(other);
                assertThat(heard.tryAcquire(PATIENCE, TimeUnit.SECONDS)).isTrue();
            }
            listener.check();
        }
    }

    @Test
    void wakesWhoWaitsForItWhenItsSessionEnds() throws Exception {
        var connection = connect();
        var session = connection.unwrap(PGConnection.class).getBackendPID();
        try (var other = connect();
                var statement = other.createStatement();
                var listener = CommitListener.start(connection, CHANNEL, heard::release)) {
            statement.execute("select pg_terminate_backend(" + session + ")");

            assertThat(heard.tryAcquire(PATIENCE, TimeUnit.SECONDS)).isTrue();
            assertThatThrownBy(listener::check).isInstanceOf(SQLException.class);
        }
    }

    @Test
    void endsAtOnceAlthoughNothingIsTold() throws Exception {
        var connection = connect();
        var started = System.nanoTime();

        CommitListener.start(connection, CHANNEL, heard::release).close();

        // it would wait for ten seconds
        assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - started)).isLessThan(9);
        assertThat(connection.isClosed()).isTrue();
    }

    private Connection connect() throws SQLException {
        return postgres.connectAsSuperuser(PostgresAccess.DATABASE);
    }

    private static void tell(Connection other) throws SQLException {
        try (var statement = other.createStatement()) {
            statement.execute("select pg_notify('" + CHANNEL + "', '')");
        }
    }
}
