package io.bulwark.ratelimit.episode;

import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.kit.page.TimePosition;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.episode.Episode.Outcome;
import io.micrometer.core.instrument.MeterRegistry;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * What was concluded. An attack is one episode until it stayed below the threshold for a whole window, so that it is told of
 * once. Whoever notes one holds its group.
 */
@ApplicationScoped
public class Episodes {
    private static final String COLUMNS =
            "id, policy, application, subject, first_at, last_at, members, observations, outcome, concluded_at";

    private static final String EXTEND = """
            update episode set first_at = least(first_at, ?), last_at = greatest(last_at, ?),
                members = greatest(members, ?), observations = greatest(observations, ?)
            where id = (select id from episode where policy = ? and application = ? and subject = ?
                and last_at > ? and first_at < ? order by last_at desc limit 1)""";

    private static final String INSERT = "insert into episode (" + COLUMNS + ") values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";

    private static final String LIST = "select " + COLUMNS + """
             from episode
            where (?::text is null or policy = ?) and (?::text is null or application = ?)
                and (?::timestamptz is null or (concluded_at, id) < (?::timestamptz, ?::uuid))
            order by concluded_at desc, id desc limit ?""";

    private final Database database;
    private final MeterRegistry metrics;

    Episodes(Database database, MeterRegistry metrics) {
        this.database = database;
        this.metrics = metrics;
    }

    /** Goes on with the episode that this belongs to; true where it is the first of it. */
    public boolean begins(Episode episode, Duration window) {
        var span = episode.span();
        var extended = database.update(
                EXTEND,
                span.first(),
                span.last(),
                episode.members(),
                episode.observations(),
                episode.policy(),
                episode.application(),
                episode.subject(),
                span.first().minus(window),
                span.last().plus(window));
        if (extended > 0) {
            return false;
        }
        database.update(
                INSERT,
                episode.id(),
                episode.policy(),
                episode.application(),
                episode.subject(),
                span.first(),
                span.last(),
                episode.members(),
                episode.observations(),
                episode.outcome().word(),
                episode.concludedAt());
        metrics.counter(
                        "ratelimit.detections",
                        "policy",
                        episode.policy(),
                        "outcome",
                        episode.outcome().word())
                .increment();
        return true;
    }

    /** Newest first. */
    List<Episode> list(@Nullable String policy, @Nullable String application, @Nullable TimePosition after, int limit) {
        return database.query(
                LIST,
                Episodes::read,
                policy,
                policy,
                application,
                application,
                after == null ? null : after.at(),
                after == null ? null : after.at(),
                after == null ? null : after.id(),
                limit);
    }

    /** Forgets those that were concluded before then. */
    public void prune(Instant before) {
        database.prune("episode", "concluded_at", before);
    }

    private static Episode read(ResultSet row) throws SQLException {
        return new Episode(
                row.getObject(1, UUID.class),
                row.getString(2),
                row.getString(3),
                row.getString(4),
                new Span(instant(row, 5), instant(row, 6)),
                row.getInt(7),
                row.getLong(8),
                Outcome.of(row.getString(9)),
                instant(row, 10));
    }
}
