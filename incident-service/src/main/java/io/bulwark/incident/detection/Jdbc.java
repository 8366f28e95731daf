package io.bulwark.incident.detection;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;

/** Statements in the caller's transaction. */
@ApplicationScoped
class Jdbc {
    private final AgroalDataSource dataSource;

    Jdbc(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    interface Work<T> {
        T in(Connection connection) throws SQLException;
    }

    <T> T use(Work<T> work) {
        try (var connection = dataSource.getConnection()) {
            return work.in(connection);
        } catch (SQLException e) {
            throw new IllegalStateException("The rules' memory cannot be used: " + e.getMessage(), e);
        }
    }

    static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }

    static Instant instant(ResultSet row, int column) throws SQLException {
        return row.getObject(column, OffsetDateTime.class).toInstant();
    }
}
