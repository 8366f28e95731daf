package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.database.Database.column;
import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Who was seen with whom, in Postgres so that every replica sees the same. Takes part in the caller's transaction. */
@ApplicationScoped
class SightingTable {
    private static final String UPSERT = """
            insert into sighting as known (policy, application, subject, minute, member, first_at, last_at, count)
            select * from unnest(?::text[], ?::text[], ?::text[], ?::timestamptz[], ?::text[], ?::timestamptz[],
                ?::timestamptz[], ?::bigint[]) as fresh
            on conflict (policy, application, subject, minute, member) do update set
                first_at = least(known.first_at, excluded.first_at),
                last_at = greatest(known.last_at, excluded.last_at),
                count = known.count + excluded.count""";

    /** A row is one member: fewer rows than the threshold cannot be enough, and that is what most groups have. */
    private static final String CROWDED = """
            select wanted.position from unnest(?::text[], ?::text[], ?::timestamptz[], ?::timestamptz[])
                with ordinality as wanted (application, subject, after, until, position)
            where ? <= (select count(*) from (
                select 1 from sighting where policy = ? and application = wanted.application
                    and subject = wanted.subject and minute > wanted.after and minute <= wanted.until
                limit ?) as sightings)""";

    private static final String NEWEST = """
            select member, first_at, last_at, count from sighting
            where policy = ? and application = ? and subject = ? and minute > ? and minute <= ?
            order by minute desc, member desc limit ?""";

    private final Database database;

    SightingTable(Database database) {
        this.database = database;
    }

    private record Row(Group group, Sighting sighting) {}

    /** @param seen per group, by member and minute */
    void add(Map<Group, List<Sighting>> seen) {
        var rows = new ArrayList<Row>();
        seen.forEach((group, sightings) -> sightings.forEach(sighting -> rows.add(new Row(group, sighting))));
        database.update(
                UPSERT,
                column(rows, row -> row.group().policy()),
                column(rows, row -> row.group().application()),
                column(rows, row -> row.group().subject()),
                column(rows, row -> row.sighting().minute()),
                column(rows, row -> row.sighting().member()),
                column(rows, row -> row.sighting().first()),
                column(rows, row -> row.sighting().last()),
                column(rows, row -> row.sighting().count()));
    }

    /** Which of the groups could have so many members between the given times. */
    Set<Group> crowded(String policy, List<Group> groups, List<Instant> after, List<Instant> until, int threshold) {
        var found = database.query(
                CROWDED,
                row -> groups.get(row.getInt(1) - 1),
                column(groups, Group::application),
                column(groups, Group::subject),
                column(after, after0 -> after0.minus(Sighting.MINUTE)),
                column(until, until0 -> until0),
                threshold,
                policy,
                threshold);
        return new HashSet<>(found);
    }

    /** The newest that may lie between these times, newest first; those at the edges are for the policy to judge. */
    List<Sighting> newest(Group group, Instant after, Instant until, int most) {
        return database.query(
                NEWEST,
                row -> new Sighting(row.getString(1), instant(row, 2), instant(row, 3), row.getLong(4)),
                group.policy(),
                group.application(),
                group.subject(),
                after.minus(Sighting.MINUTE),
                until,
                most);
    }

    /** Forgets those that came before then. */
    void prune(Instant before) {
        database.prune("sighting", "received_at", before);
    }
}
