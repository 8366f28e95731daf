package io.bulwark.incident.detection;

import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;

/** What request summaries said, added up, in the caller's transaction. The caller holds the application's lock. */
@ApplicationScoped
class TrafficMemory {
    private static final String ADD = """
            insert into traffic
                (application, until, requests, server_errors, timed_requests, total_micros, recorded_at)
            values (?, ?, ?, ?, ?, ?, ?)
            on conflict (application, until) do update set
                requests = traffic.requests + excluded.requests,
                server_errors = traffic.server_errors + excluded.server_errors,
                timed_requests = traffic.timed_requests + excluded.timed_requests,
                total_micros = traffic.total_micros + excluded.total_micros""";

    private static final String BETWEEN = """
            select until, requests, server_errors, timed_requests, total_micros from traffic
            where application = ? and until > ? and until <= ? order by until""";

    private final AgroalDataSource dataSource;

    TrafficMemory(AgroalDataSource dataSource) {
        this.dataSource = dataSource;
    }

    void add(String application, Collection<Traffic> fresh, Instant now) {
        try (var connection = dataSource.getConnection();
                var insert = connection.prepareStatement(ADD)) {
            for (var traffic : fresh) {
                insert.setString(1, application);
                insert.setObject(2, utc(traffic.until()));
                insert.setLong(3, traffic.requests());
                insert.setLong(4, traffic.serverErrors());
                insert.setLong(5, traffic.timedRequests());
                insert.setDouble(6, traffic.totalMicros());
                insert.setObject(7, utc(now));
                insert.addBatch();
            }
            insert.executeBatch();
        } catch (SQLException e) {
            throw unusable(e);
        }
    }

    /** What ended after one moment and until another. */
    List<Traffic> between(String application, Instant after, Instant until) {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(BETWEEN)) {
            query.setString(1, application);
            query.setObject(2, utc(after));
            query.setObject(3, utc(until));
            var found = new ArrayList<Traffic>();
            try (var row = query.executeQuery()) {
                while (row.next()) {
                    found.add(new Traffic(
                            row.getObject(1, OffsetDateTime.class).toInstant(),
                            row.getLong(2),
                            row.getLong(3),
                            row.getLong(4),
                            row.getDouble(5)));
                }
            }
            return found;
        } catch (SQLException e) {
            throw unusable(e);
        }
    }

    int forgetRecordedBefore(Instant end) {
        try (var connection = dataSource.getConnection();
                var delete = connection.prepareStatement("delete from traffic where recorded_at < ?")) {
            delete.setObject(1, utc(end));
            return delete.executeUpdate();
        } catch (SQLException e) {
            throw unusable(e);
        }
    }

    private static IllegalStateException unusable(SQLException e) {
        return new IllegalStateException("The rules' memory of traffic cannot be used: " + e.getMessage(), e);
    }

    private static OffsetDateTime utc(Instant time) {
        return time.atOffset(ZoneOffset.UTC);
    }
}
