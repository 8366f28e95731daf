package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.database.Database.column;
import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.List;

/** What is known of the past of one place and of the networks around it, for people who ask why. */
@ApplicationScoped
public class PlaceHistory {
    /** Jumps from one policy to the next in the index that begins with it. */
    private static final String POLICIES = """
            with recursive policies (policy) as (
                select min(policy) from %1$s union all
                select (select min(policy) from %1$s as next where next.policy > policies.policy)
                from policies where policies.policy is not null)
            """;

    private static final String MISDEEDS = POLICIES.formatted("misdeed") + """
            select policies.policy, newest.place::text, newest.at, newest.count
            from policies, unnest(?::cidr[]) as around (place), lateral (
                select place, at, count from misdeed where misdeed.policy = policies.policy and application = ?
                    and misdeed.place = around.place order by at desc limit ?) as newest
            order by newest.at desc limit ?""";

    private static final String CONCLUSIONS = POLICIES.formatted("episode") + """
            select policies.policy, newest.subject, newest.first_at, newest.last_at, newest.outcome
            from policies, unnest(?::text[]) as around (subject), lateral (
                select subject, first_at, last_at, outcome from episode where episode.policy = policies.policy
                    and application = ? and episode.subject = around.subject order by last_at desc limit ?) as newest
            order by newest.last_at desc limit ?""";

    private final Database database;

    PlaceHistory(Database database) {
        this.database = database;
    }

    /**
     * Something that it did wrong.
     *
     * @param policy that counts it
     * @param place its own, or a network around it
     * @param count how often, as it was reported together
     */
    public record Wrong(String policy, Network place, Instant at, int count) {}

    /**
     * What a policy concluded.
     *
     * @param place its own, or a network around it
     */
    public record Conclusion(String policy, Network place, Instant firstAt, Instant lastAt, String outcome) {}

    /** Newest first. */
    public List<Wrong> wrongs(Network address, String application, int most) {
        return database.query(
                MISDEEDS,
                row -> new Wrong(row.getString(1), Network.parse(row.getString(2)), instant(row, 3), row.getInt(4)),
                column(Misdeed.placesAround(address), place -> place),
                application,
                most,
                most);
    }

    /** Newest first. */
    public List<Conclusion> conclusions(Network address, String application, int most) {
        return database.query(
                CONCLUSIONS,
                row -> new Conclusion(
                        row.getString(1),
                        Network.parse(row.getString(2)),
                        instant(row, 3),
                        instant(row, 4),
                        row.getString(5)),
                column(Misdeed.placesAround(address), place -> place),
                application,
                most,
                most);
    }
}
