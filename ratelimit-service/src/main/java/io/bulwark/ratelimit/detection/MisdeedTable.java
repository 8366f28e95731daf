package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.database.Database.column;
import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Misdeeds, counted in Postgres so that every replica counts the same. Takes part in the caller's transaction. */
@ApplicationScoped
class MisdeedTable {
    private static final String INSERT = """
            insert into misdeed (policy, application, place, at, count)
            select * from unnest(?::text[], ?::text[], ?::cidr[], ?::timestamptz[], ?::integer[])""";

    private static final String POSSIBLE = """
            select wanted.position from unnest(?::text[], ?::cidr[], ?::timestamptz[], ?::timestamptz[])
                with ordinality as wanted (application, place, after, until, position)
            where ? <= (select coalesce(sum(count), 0) from (
                select count from misdeed where policy = ? and application = wanted.application
                    and place = wanted.place and at > wanted.after and at <= wanted.until
                limit ?) as misdeeds)""";

    private static final String NEWEST = """
            select at, count from misdeed
            where policy = ? and application = ? and place = ?::cidr and at > ? and at <= ?
            order by at desc limit ?""";

    private final Database database;

    MisdeedTable(Database database) {
        this.database = database;
    }

    /** One that a policy counts. */
    record Counted(Group group, Instant at, int count) {}

    void add(List<Counted> counted) {
        database.update(
                INSERT,
                column(counted, c -> c.group().policy()),
                column(counted, c -> c.group().application()),
                column(counted, c -> c.group().subject()),
                column(counted, Counted::at),
                column(counted, Counted::count));
    }

    /** Which of the places could have offended so often between the given times: most have not. */
    List<Group> possible(String policy, List<Group> places, List<Instant> after, List<Instant> until, int limit) {
        return database.query(
                POSSIBLE,
                row -> places.get(row.getInt(1) - 1),
                column(places, Group::application),
                column(places, Group::subject),
                column(after, time -> time),
                column(until, time -> time),
                limit,
                policy,
                limit);
    }

    /**
     * The newest misdeeds of a place after one time and until another, newest first, each as often as it counts.
     *
     * @param rows reports to read
     * @param most as often as one report may count here
     */
    Newest newest(Group place, Instant after, Instant until, int rows, int most) {
        var times = new ArrayList<Instant>();
        var found = database.query(
                NEWEST,
                row -> times.addAll(Collections.nCopies(Math.min(row.getInt(2), most), instant(row, 1))),
                place.policy(),
                place.application(),
                place.subject(),
                after,
                until,
                rows);
        return new Newest(times, found.size() < rows);
    }

    /** @param complete there are no older ones */
    record Newest(List<Instant> times, boolean complete) {}

    /** Forgets those that came before then. */
    void prune(Instant before) {
        database.prune("misdeed", "received_at", before);
    }
}
