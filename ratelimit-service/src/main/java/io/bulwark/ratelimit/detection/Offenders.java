package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.database.Database.column;
import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.detection.MisdeedTable.Counted;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Who offends most, exactly, without looking at everybody. The tallies of each hour stand sorted by their count. Whoever is
 * not among the first so many of any hour has at most the sum of what follows there, and once nobody unseen can have more
 * than the last one answered, the rest need not be looked at (the threshold algorithm of Fagin, Lotem and Naor, 2003).
 */
@ApplicationScoped
class Offenders {
    static final Duration SLOT = Duration.ofHours(1);

    private static final int FIRST_LOOK = 4;

    private static final String TALLY = """
            insert into misdeed_tally as known (policy, application, place, slot, count)
            select * from unnest(?::text[], ?::text[], ?::cidr[], ?::timestamptz[], ?::bigint[])
            on conflict (policy, application, place, slot) do update set count = known.count + excluded.count""";

    /** What somebody who was not looked at can have at most: per hour the count at which looking stopped. */
    private static final String NEXT = """
            select coalesce(sum(next.count), 0) from unnest(?::timestamptz[]) as slots (slot), lateral (
                select count from misdeed_tally as tally where tally.policy = ? and tally.slot = slots.slot
                    and (?::text is null or tally.application = ?)
                order by count desc offset ? limit 1) as next""";

    /** By an upper bound: the first hour is counted whole, though the time asked for may begin within it. */
    private static final String CANDIDATES = """
            select seen.application, seen.place::text, sum(tally.count) from (
                select distinct first.application, first.place
                from unnest(?::timestamptz[]) as slots (slot), lateral (
                    select application, place from misdeed_tally as tally
                    where tally.policy = ? and tally.slot = slots.slot and count > ?
                        and (?::text is null or tally.application = ?)
                    order by count desc limit ?) as first) as seen
            join misdeed_tally as tally on tally.policy = ? and tally.application = seen.application
                and tally.place = seen.place and tally.slot >= ?
            group by 1, 2 having sum(tally.count) > ? order by 3 desc, 2, 1""";

    private static final String EXACT = """
            select wanted.application, wanted.place::text, early.count + late.count,
                coalesce(early.first_at, first.at), last.at
            from unnest(?::text[], ?::cidr[]) as wanted (application, place), lateral (
                select coalesce(sum(count), 0) as count, min(at) as first_at from misdeed where policy = ?
                    and application = wanted.application and place = wanted.place and at >= ? and at < ?) as early,
            lateral (
                select coalesce(sum(count), 0) as count from misdeed_tally where policy = ?
                    and application = wanted.application and place = wanted.place and slot >= ?) as late
            left join lateral (
                select at from misdeed where policy = ? and application = wanted.application
                    and place = wanted.place and at >= ? order by at limit 1) as first on true
            left join lateral (
                select at from misdeed where policy = ? and application = wanted.application
                    and place = wanted.place and at >= ? order by at desc limit 1) as last on true
            where last.at is not null""";

    private static final Comparator<Offender> WORST = Comparator.comparingLong(Offender::count)
            .reversed()
            .thenComparing(offender -> offender.place().toString())
            .thenComparing(Offender::application);

    private final Database database;
    private final InstantSource clock;

    Offenders(Database database, InstantSource clock) {
        this.database = database;
        this.clock = clock;
    }

    /** A place that offended often. */
    record Offender(String application, Network place, long count, Instant firstAt, Instant lastAt) {
        private Who who() {
            return new Who(application, place);
        }
    }

    private record Who(String application, Network place) {}

    private record Question(String policy, @Nullable String application, Instant since, int min, int limit) {}

    /** @param most an upper bound of the count */
    private record Candidate(String application, String place, long most) {}

    private record Tallied(Group group, Instant slot, long count) {}

    /** Counts them; whoever calls holds their groups. */
    void add(List<Counted> counted) {
        var tallies = new TreeMap<String, Tallied>();
        for (var one : counted) {
            var slot = slotOf(one.at());
            tallies.merge(
                    one.group().lock() + " " + slot,
                    new Tallied(one.group(), slot, one.count()),
                    (known, more) -> new Tallied(known.group(), known.slot(), known.count() + more.count()));
        }
        database.update(
                TALLY,
                column(tallies.values(), tallied -> tallied.group().policy()),
                column(tallies.values(), tallied -> tallied.group().application()),
                column(tallies.values(), tallied -> tallied.group().subject()),
                column(tallies.values(), Tallied::slot),
                column(tallies.values(), Tallied::count));
    }

    /** Those with more than {@code min} since then, the worst first. */
    List<Offender> worst(String policy, @Nullable String application, Instant since, int min, int limit) {
        var asked = new Question(policy, application, since, min, limit);
        var look = (long) FIRST_LOOK * limit;
        var worst = exact(asked, candidates(asked, 0, look, min), List.of());
        var last = last(asked, worst);
        if (unseen(asked, look) <= last) {
            return worst;
        }
        // whoever has more than the last one has more than his share of that within one hour at least
        var share = last / slots(since).size();
        return exact(asked, candidates(asked, share, Integer.MAX_VALUE, last), worst);
    }

    private static long last(Question asked, List<Offender> worst) {
        return worst.size() < asked.limit() ? asked.min() : worst.getLast().count();
    }

    private long unseen(Question asked, long look) {
        return database.query(
                        NEXT,
                        row -> row.getLong(1),
                        column(slots(asked.since()), slot -> slot),
                        asked.policy(),
                        asked.application(),
                        asked.application(),
                        look)
                .getFirst();
    }

    private List<Candidate> candidates(Question asked, long above, long look, long sumAbove) {
        return database.query(
                CANDIDATES,
                row -> new Candidate(row.getString(1), row.getString(2), row.getLong(3)),
                column(slots(asked.since()), slot -> slot),
                asked.policy(),
                above,
                asked.application(),
                asked.application(),
                look,
                asked.policy(),
                slotOf(asked.since()),
                sumAbove);
    }

    /** In chunks, the most promising first: mostly the first one or two are enough. */
    private List<Offender> exact(Question asked, List<Candidate> candidates, List<Offender> known) {
        var worst = known;
        for (var from = 0; from < candidates.size(); from += asked.limit()) {
            if (last(asked, worst) >= candidates.get(from).most()) {
                break;
            }
            var chunk = candidates.subList(from, Math.min(candidates.size(), from + asked.limit()));
            worst = Stream.concat(worst.stream(), exact(asked, chunk).stream())
                    .filter(offender -> offender.count() > asked.min())
                    // he may have offended again since he was found first
                    .collect(Collectors.toMap(Offender::who, Function.identity(), (before, again) -> again))
                    .values()
                    .stream()
                    .sorted(WORST)
                    .limit(asked.limit())
                    .toList();
        }
        return worst;
    }

    private List<Offender> exact(Question asked, List<Candidate> candidates) {
        var policy = asked.policy();
        var since = asked.since();
        var second = slotOf(since).plus(SLOT);
        return database.query(
                EXACT,
                row -> new Offender(
                        row.getString(1),
                        Network.parse(row.getString(2)),
                        row.getLong(3),
                        instant(row, 4),
                        instant(row, 5)),
                column(candidates, Candidate::application),
                column(candidates, Candidate::place),
                policy,
                since,
                second,
                policy,
                second,
                policy,
                second,
                policy,
                since);
    }

    /** Forgets those before then. */
    void prune(Instant before) {
        database.prune("misdeed_tally", "slot", before);
    }

    private List<Instant> slots(Instant since) {
        return Stream.iterate(slotOf(since), slot -> slot.plus(SLOT))
                .takeWhile(slot -> !slot.isAfter(clock.instant()))
                .toList();
    }

    private static Instant slotOf(Instant at) {
        return Instant.ofEpochSecond(at.getEpochSecond() - Math.floorMod(at.getEpochSecond(), SLOT.toSeconds()));
    }
}
