package io.bulwark.kit.outbox;

import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;

/**
 * Hears of what other replicas commit (NOTIFY). On a connection and a thread of its own: a thread that waits for a session
 * cannot wait for this JVM's own commits too, and to look at both by turns was the dearest thread of a service at rest.
 */
final class CommitListener implements AutoCloseable {
    private static final Duration SILENCE = Duration.ofSeconds(10);

    private final Connection connection;
    private final Runnable heard;
    private final Thread thread =
            Thread.ofPlatform().name("outbox-listener").daemon().unstarted(this::run);
    private volatile boolean closing;
    private volatile @Nullable SQLException failure;

    private CommitListener(Connection connection, Runnable heard) {
        this.connection = connection;
        this.heard = heard;
    }

    /**
     * Listens from now on: what is notified after this has returned is heard.
     *
     * @param connection its own, which it closes
     * @param heard called on the listener's thread
     */
    static CommitListener start(Connection connection, String channel, Runnable heard) throws SQLException {
        try (var statement = connection.createStatement()) {
            statement.execute("listen " + channel);
        } catch (SQLException e) {
            connection.close();
            throw e;
        }
        var listener = new CommitListener(connection, heard);
        listener.thread.start();
        return listener;
    }

    /** @throws SQLException where it hears nothing any more */
    void check() throws SQLException {
        var broken = failure;
        if (broken != null) {
            throw broken;
        }
    }

    private void run() {
        try {
            var session = connection.unwrap(PGConnection.class);
            while (!closing) {
                var notifications = session.getNotifications((int) SILENCE.toMillis());
                if (notifications != null && notifications.length > 0) {
                    heard.run();
                }
            }
        } catch (SQLException e) {
            failure = e;
            heard.run();
        }
    }

    /** Ends the session: the thread holds it while it waits, and only that wakes it. */
    @Override
    public void close() throws SQLException {
        closing = true;
        connection.abort(Runnable::run);
        connection.close();
    }
}
