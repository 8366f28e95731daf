package io.bulwark.ratelimit.anomaly;

import static io.bulwark.ratelimit.database.Database.column;
import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Request rates, in Postgres so that every replica and the next start know the same. Takes part in the caller's transaction. */
@ApplicationScoped
class RateTable {
    private static final String ADMIT = """
            insert into request_series as known (application, endpoint, source, last_at)
            select new.*, ? from (values (?::text, ?::text, ?::text)) as new (application, endpoint, source)
            where exists (select from request_series as one
                    where (one.application, one.endpoint, one.source) = (new.application, new.endpoint, new.source))
                or (select count(*) from request_series as one
                    where (one.application, one.source) = (new.application, new.source)) < ?
            on conflict (application, endpoint, source) do update set last_at = greatest(known.last_at, excluded.last_at)""";

    private static final String ADD = """
            insert into request_interval as known (application, endpoint, source, minutes, at, requests)
            select ?, ?, ?, ?, * from unnest(?::timestamptz[], ?::double precision[])
            on conflict (application, endpoint, source, minutes, at) do update set requests = known.requests + excluded.requests""";

    private static final String INTERVALS = """
            select at, requests from request_interval
            where application = ? and endpoint = ? and source = ? and minutes = ? and at >= ? and at < ?""";

    private static final String HOURS = """
            select at, median, deviation, ratio from request_hour
            where application = ? and endpoint = ? and source = ? and minutes = ? and at = any (?::timestamptz[])""";

    private static final String REMEMBER = """
            insert into request_hour (application, endpoint, source, minutes, at, median, deviation, ratio)
            select ?, ?, ?, ?, * from unnest(?::timestamptz[], ?::double precision[], ?::double precision[],
                ?::double precision[])
            on conflict (application, endpoint, source, minutes, at) do update set median = excluded.median,
                deviation = excluded.deviation, ratio = excluded.ratio""";

    private final Database database;
    private final int minutes;

    RateTable(Database database, AnomalyConfig config) {
        this.database = database;
        this.minutes = config.intervalMinutes();
    }

    /** False where so many other endpoints of the application are known that this one is not learned. */
    boolean admits(Series series, Instant last, int most) {
        return database.update(
                        ADMIT,
                        last,
                        series.application(),
                        series.endpoint(),
                        series.source().text(),
                        most)
                > 0;
    }

    void add(Series series, Map<Instant, Double> requests) {
        database.update(
                ADD,
                series.application(),
                series.endpoint(),
                series.source().text(),
                minutes,
                column(requests.keySet(), at -> at),
                column(requests.values(), count -> count));
    }

    /** Requests in the intervals that begin from one time on and before another. */
    NavigableMap<Instant, Double> intervals(Series series, Instant from, Instant before) {
        var found = new TreeMap<Instant, Double>();
        database.query(
                INTERVALS,
                row -> found.put(instant(row, 1), row.getDouble(2)),
                series.application(),
                series.endpoint(),
                series.source().text(),
                minutes,
                from,
                before);
        return found;
    }

    /** What is known of these hours. */
    Map<Instant, HourSummary> hours(Series series, Collection<Instant> hours) {
        var found = new HashMap<Instant, HourSummary>();
        database.query(
                HOURS,
                row -> found.put(
                        instant(row, 1), new HourSummary(row.getDouble(2), row.getDouble(3), row.getDouble(4))),
                series.application(),
                series.endpoint(),
                series.source().text(),
                minutes,
                column(hours, hour -> hour));
        return found;
    }

    void remember(Series series, Map<Instant, HourSummary> hours) {
        database.update(
                REMEMBER,
                series.application(),
                series.endpoint(),
                series.source().text(),
                minutes,
                column(hours.keySet(), hour -> hour),
                column(hours.values(), HourSummary::median),
                column(hours.values(), HourSummary::deviation),
                column(hours.values(), HourSummary::ratio));
    }

    /** Forgets requests before one time, and what was learned before another. */
    void prune(Instant requestsBefore, Instant learnedBefore) {
        database.prune("request_interval", "at", requestsBefore);
        database.prune("request_hour", "at", learnedBefore);
        database.prune("request_series", "last_at", learnedBefore);
    }
}
