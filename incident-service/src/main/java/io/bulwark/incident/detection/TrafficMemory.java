package io.bulwark.incident.detection;

import static io.bulwark.incident.detection.Jdbc.instant;
import static io.bulwark.incident.detection.Jdbc.utc;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What request summaries said, added up, in the caller's transaction. The caller holds the application's lock. */
@ApplicationScoped
class TrafficMemory {
    private static final String ADD = """
            insert into traffic
                (application, until, requests, server_errors, timed_requests, total_micros, recorded_at, judge_at, waits_since)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (application, until) do update set
                requests = traffic.requests + excluded.requests,
                server_errors = traffic.server_errors + excluded.server_errors,
                timed_requests = traffic.timed_requests + excluded.timed_requests,
                total_micros = traffic.total_micros + excluded.total_micros,
                recorded_at = excluded.recorded_at,
                judge_at = least(traffic.judge_at, excluded.judge_at),
                waits_since = least(traffic.waits_since, excluded.waits_since)""";

    private static final String BETWEEN = """
            select until, requests, server_errors, timed_requests, total_micros from traffic
            where application = ? and until > ? and until < ? order by until""";

    private final Jdbc jdbc;

    TrafficMemory(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /**
     * A moment whose time has come.
     *
     * @param recordedAt when it was last added to
     * @param waitsSince when it was first added to of what is not judged yet
     */
    record Due(Instant until, Instant recordedAt, Instant waitsSince) {
        Instant settledAt(Duration grace) {
            return over(recordedAt).plus(grace);
        }

        /** When it is judged by what is known, whatever is added meanwhile. */
        Instant latest(Duration window) {
            return over(waitsSince).plus(window);
        }

        private Instant over(Instant told) {
            return until.isAfter(told) ? until : told;
        }
    }

    void add(String application, Collection<Traffic> fresh, Instant now, Duration grace) {
        jdbc.use(connection -> {
            try (var insert = connection.prepareStatement(ADD)) {
                for (var traffic : fresh) {
                    insert.setString(1, application);
                    insert.setObject(2, utc(traffic.until()));
                    insert.setLong(3, traffic.requests());
                    insert.setLong(4, traffic.serverErrors());
                    insert.setLong(5, traffic.timedRequests());
                    insert.setDouble(6, traffic.totalMicros());
                    insert.setObject(7, utc(now));
                    insert.setObject(8, utc(new Due(traffic.until(), now, now).settledAt(grace)));
                    insert.setObject(9, utc(now));
                    insert.addBatch();
                }
                return insert.executeBatch();
            }
        });
    }

    /** Applications with moments to judge. */
    List<String> applicationsDue(Instant now) {
        return jdbc.use(connection -> {
            try (var query = connection.prepareStatement(
                    "select distinct application from traffic where judge_at <= ? order by application")) {
                query.setObject(1, utc(now));
                var found = new ArrayList<String>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(row.getString(1));
                    }
                }
                return found;
            }
        });
    }

    /** The earliest first. */
    List<Due> due(String application, Instant now, int limit) {
        return jdbc.use(connection -> {
            try (var query = connection.prepareStatement("""
                    select until, recorded_at, coalesce(waits_since, recorded_at) from traffic
                    where application = ? and judge_at <= ? order by until limit ?""")) {
                query.setString(1, application);
                query.setObject(2, utc(now));
                query.setInt(3, limit);
                var found = new ArrayList<Due>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Due(instant(row, 1), instant(row, 2), instant(row, 3)));
                    }
                }
                return found;
            }
        });
    }

    /** The first moment after another that has not ended, or was added to, since {@code quiet}. */
    Optional<Instant> firstUnsettled(String application, Instant after, Instant before, Instant quiet) {
        return jdbc.use(connection -> {
            try (var query = connection.prepareStatement("""
                    select min(until) from traffic
                    where application = ? and until > ? and until < ? and greatest(until, recorded_at) > ?""")) {
                query.setString(1, application);
                query.setObject(2, utc(after));
                query.setObject(3, utc(before));
                query.setObject(4, utc(quiet));
                try (var row = query.executeQuery()) {
                    row.next();
                    return Optional.ofNullable(row.getObject(1, OffsetDateTime.class))
                            .map(OffsetDateTime::toInstant);
                }
            }
        });
    }

    /** What ended after one moment and before another. */
    List<Traffic> between(String application, Instant after, Instant before) {
        return jdbc.use(connection -> {
            try (var query = connection.prepareStatement(BETWEEN)) {
                query.setString(1, application);
                query.setObject(2, utc(after));
                query.setObject(3, utc(before));
                var found = new ArrayList<Traffic>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Traffic(
                                instant(row, 1), row.getLong(2), row.getLong(3), row.getLong(4), row.getDouble(5)));
                    }
                }
                return found;
            }
        });
    }

    /**
     * @param judged false where it waits on as it did
     * @param next null where nothing is left to judge
     */
    void judgeNext(String application, Instant until, boolean judged, @Nullable Instant next) {
        jdbc.use(connection -> {
            try (var update = connection.prepareStatement("""
                    update traffic set judge_at = ?, waits_since = case when ? then ? else waits_since end
                    where application = ? and until = ?""")) {
                var time = next == null ? null : utc(next);
                update.setObject(1, time);
                update.setBoolean(2, judged);
                update.setObject(3, time);
                update.setString(4, application);
                update.setObject(5, utc(until));
                return update.executeUpdate();
            }
        });
    }

    int forgetRecordedBefore(Instant end) {
        return jdbc.use(connection -> {
            try (var delete =
                    connection.prepareStatement("delete from traffic where recorded_at < ? and judge_at is null")) {
                delete.setObject(1, utc(end));
                return delete.executeUpdate();
            }
        });
    }
}
