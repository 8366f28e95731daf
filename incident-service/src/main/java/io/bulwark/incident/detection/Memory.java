package io.bulwark.incident.detection;

import static io.bulwark.incident.detection.Jdbc.instant;
import static io.bulwark.incident.detection.Jdbc.utc;

import io.bulwark.incident.detection.EpisodePolicy.Verdict;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.UUID;

/** What is remembered of the topics, in the caller's transaction: all replicas evaluate the same memory. */
@ApplicationScoped
class Memory {
    private final Jdbc jdbc;

    Memory(Jdbc jdbc) {
        this.jdbc = jdbc;
    }

    /** What is evaluated together. */
    record Group(String rule, String application, String scope) {
        /** What there is never a second incident for. */
        String episode(Instant start) {
            return String.join("/", rule, application, scope, start.toString());
        }
    }

    /** Keeps every other replica from evaluating this group until the transaction ends. */
    void lock(Group group) {
        jdbc.use(connection -> {
            try (var lock = connection.prepareStatement("select pg_advisory_xact_lock(hashtextextended(?, 0))")) {
                lock.setString(1, String.join("/", "incident-service", group.rule, group.application, group.scope));
                lock.execute();
                return null;
            }
        });
    }

    /** Presences that overlap this time. */
    List<Presence> presences(Group group, Instant from, Instant to, Duration window) {
        return jdbc.use(connection -> {
            try (var query = connection.prepareStatement("""
                    select value, subject, first_seen, last_seen from observation
                    where rule = ? and application = ? and scope = ? and last_seen >= ? and first_seen <= ?""")) {
                var next = group(query, group);
                query.setObject(next++, utc(from.minus(window)));
                query.setObject(next, utc(to));
                var found = new ArrayList<Presence>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Presence(row.getString(1), row.getString(2), instant(row, 3), instant(row, 4)));
                    }
                }
                return found;
            }
        });
    }

    /** Episodes that overlap this time. */
    List<Episode> episodes(Group group, Instant from, Instant to) {
        return jdbc.use(connection -> {
            try (var query = connection.prepareStatement("""
                    select id, started_at, ended_at from episode
                    where rule = ? and application = ? and scope = ? and ended_at >= ? and started_at <= ?""")) {
                var next = group(query, group);
                query.setObject(next++, utc(from));
                query.setObject(next, utc(to));
                var found = new ArrayList<Episode>();
                try (var row = query.executeQuery()) {
                    while (row.next()) {
                        found.add(new Episode(row.getObject(1, UUID.class), instant(row, 2), instant(row, 3)));
                    }
                }
                return found;
            }
        });
    }

    /** Replaces the presences that were known by those that the verdict remembers, and moves the ends of episodes. */
    void save(Group group, List<Presence> known, Verdict verdict, Instant now) {
        jdbc.use(connection -> {
            var kept = new HashSet<>(verdict.presences());
            try (var forget = connection.prepareStatement("""
                    delete from observation
                    where rule = ? and application = ? and scope = ? and value = ? and first_seen = ?""")) {
                for (var presence : known) {
                    if (!kept.contains(presence)) {
                        var next = group(forget, group);
                        forget.setString(next++, presence.value());
                        forget.setObject(next, utc(presence.first()));
                        forget.addBatch();
                    }
                }
                forget.executeBatch();
            }
            kept.removeAll(new HashSet<>(known));
            try (var remember = connection.prepareStatement("""
                    insert into observation
                        (rule, application, scope, value, subject, first_seen, last_seen, recorded_at)
                    values (?, ?, ?, ?, ?, ?, ?, ?)""")) {
                for (var presence : kept) {
                    var next = group(remember, group);
                    remember.setString(next++, presence.value());
                    remember.setString(next++, presence.subject());
                    remember.setObject(next++, utc(presence.first()));
                    remember.setObject(next++, utc(presence.last()));
                    remember.setObject(next, utc(now));
                    remember.addBatch();
                }
                remember.executeBatch();
            }
            try (var absorb = connection.prepareStatement("delete from episode where id = ?")) {
                for (var id : verdict.absorbed()) {
                    absorb.setObject(1, id);
                    absorb.addBatch();
                }
                absorb.executeBatch();
            }
            try (var extend =
                    connection.prepareStatement("update episode set started_at = ?, ended_at = ? where id = ?")) {
                for (var episode : verdict.episodes()) {
                    if (episode.id() != null) {
                        extend.setObject(1, utc(episode.start()));
                        extend.setObject(2, utc(episode.end()));
                        extend.setObject(3, episode.id());
                        extend.addBatch();
                    }
                }
                extend.executeBatch();
            }
            return null;
        });
    }

    void begin(Group group, UUID id, Episode episode, UUID incident) {
        jdbc.use(connection -> {
            try (var insert = connection.prepareStatement("""
                    insert into episode (rule, application, scope, id, started_at, ended_at, incident_id)
                    values (?, ?, ?, ?, ?, ?, ?)""")) {
                var next = group(insert, group);
                insert.setObject(next++, id);
                insert.setObject(next++, utc(episode.start()));
                insert.setObject(next++, utc(episode.end()));
                insert.setObject(next, incident);
                return insert.executeUpdate();
            }
        });
    }

    int forgetRecordedBefore(String rule, Instant end) {
        return jdbc.use(connection -> {
            try (var delete =
                    connection.prepareStatement("delete from observation where rule = ? and recorded_at < ?")) {
                delete.setString(1, rule);
                delete.setObject(2, utc(end));
                return delete.executeUpdate();
            }
        });
    }

    private static int group(PreparedStatement statement, Group group) throws SQLException {
        statement.setString(1, group.rule);
        statement.setString(2, group.application);
        statement.setString(3, group.scope);
        return 4;
    }
}
