package io.bulwark.kit.idempotency;

import io.agroal.api.AgroalDataSource;
import io.quarkus.scheduler.Scheduled;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The answers of the last 24 hours, by caller and key. */
@ApplicationScoped
class IdempotencyTable {
    private final AgroalDataSource dataSource;

    IdempotencyTable(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    record Answer(
            int status,
            @Nullable String location,
            @Nullable String etag,
            @Nullable String body) {}

    record Known(String action, byte[] requestHash, Answer answer) {}

    /** True where nobody has used the key; waits for one who is using it now. */
    boolean claim(String actor, String key, String action, byte[] requestHash) throws SQLException {
        try (var connection = dataSource.getConnection();
                var insert = connection.prepareStatement("""
                        insert into idempotency (actor, key, action, request_hash) values (?, ?, ?, ?)
                        on conflict do nothing""")) {
            insert.setString(1, actor);
            insert.setString(2, key);
            insert.setString(3, action);
            insert.setBytes(4, requestHash);
            return insert.executeUpdate() == 1;
        }
    }

    void keep(String actor, String key, Answer answer) throws SQLException {
        try (var connection = dataSource.getConnection();
                var update = connection.prepareStatement("""
                        update idempotency set status = ?, location = ?, etag = ?, body = ?
                        where actor = ? and key = ?""")) {
            update.setInt(1, answer.status());
            update.setString(2, answer.location());
            update.setString(3, answer.etag());
            update.setString(4, answer.body());
            update.setString(5, actor);
            update.setString(6, key);
            update.executeUpdate();
        }
    }

    Known find(String actor, String key) throws SQLException {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement("""
                        select action, request_hash, status, location, etag, body
                        from idempotency where actor = ? and key = ?""")) {
            query.setString(1, actor);
            query.setString(2, key);
            try (var row = query.executeQuery()) {
                if (!row.next()) {
                    throw new SQLException("The answer to this key has just expired", "57P03");
                }
                return new Known(
                        row.getString(1),
                        row.getBytes(2),
                        new Answer(row.getInt(3), row.getString(4), row.getString(5), row.getString(6)));
            }
        }
    }

    @Scheduled(every = "10m", delayed = "1m")
    void prune() throws SQLException {
        try (var connection = dataSource.getConnection();
                var delete = connection.prepareStatement(
                        "delete from idempotency where created_at < clock_timestamp() - interval '24 hours'")) {
            delete.executeUpdate();
        }
    }
}
