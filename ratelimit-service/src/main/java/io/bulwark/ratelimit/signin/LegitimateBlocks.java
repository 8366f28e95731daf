package io.bulwark.ratelimit.signin;

import static io.bulwark.ratelimit.database.Database.instant;

import io.bulwark.kit.net.Network;
import io.bulwark.kit.page.TimePosition;
import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Blocks that stand in the way of those who were at home in what is blocked before it was. */
@ApplicationScoped
class LegitimateBlocks {
    /** Blocks that one request looks at, so that it is answered soon however many there are. */
    private static final int LOOK = 5_000;

    /** More accounts in one block are not counted. */
    private static final int MOST_ACCOUNTS = 1_000;

    private static final String FURTHER = """
            select blocked_at, id from block
            where ended_at is null and until > ? and (blocked_at, id) < (?, ?)
                and (?::text is null or application = ?)
            order by blocked_at desc, id desc offset %d limit 1""".formatted(LOOK - 1);

    /** A single address of IPv6 stands for its /64, where its sign-ins are. */
    private static final String FOUND = """
            select seen.id, seen.target::text, seen.application, seen.endpoint, seen.reason, seen.policy,
                seen.blocked_at, seen.until, good.accounts, good.sign_ins, good.last_at
            from (select *, case when family(target) = 6 and masklen(target) > %1$d then set_masklen(target, %1$d)
                    else target end as home
                from block where ended_at is null and until > ? and (blocked_at, id) < (?, ?)
                    and (?::text is null or application = ?)
                order by blocked_at desc, id desc limit %2$d) as seen,
            lateral (select count(*) as accounts, coalesce(sum(count), 0) as sign_ins, max(last_at) as last_at from (
                select count, last_at from good_sign_in
                where application = seen.application and place >= seen.home
                    and place <= set_masklen(broadcast(seen.home), case family(seen.home) when 4 then 32 else 128 end)
                    and first_at < seen.blocked_at - make_interval(secs => ?) limit %3$d) as some_of_them) as good
            where good.accounts > 0
            order by seen.blocked_at desc, seen.id desc limit ?""".formatted(Network.V6_CLIENT, LOOK, MOST_ACCOUNTS);

    private final Database database;
    private final SignInConfig config;
    private final InstantSource clock;

    LegitimateBlocks(Database database, SignInConfig config, InstantSource clock) {
        this.database = database;
        this.config = config;
        this.clock = clock;
    }

    /** Before the newest. */
    static final TimePosition START = new TimePosition(Instant.parse("9999-12-31T00:00:00Z"), new UUID(-1, -1));

    /** @param next where to go on; null where every block was looked at */
    record Look(List<LegitimateBlock> found, @Nullable TimePosition next) {}

    /** The newest blocks first. */
    Look look(@Nullable String application, TimePosition after, int limit) {
        var now = clock.instant();
        var found = database.query(
                FOUND,
                LegitimateBlocks::read,
                now,
                after.at(),
                after.id(),
                application,
                application,
                (double) config.settled().toSeconds(),
                limit);
        if (found.size() == limit) {
            return new Look(found, found.getLast().position());
        }
        var further = database.query(
                FURTHER,
                row -> new TimePosition(instant(row, 1), row.getObject(2, UUID.class)),
                now,
                after.at(),
                after.id(),
                application,
                application);
        return new Look(found, further.isEmpty() ? null : further.getFirst());
    }

    private static LegitimateBlock read(ResultSet row) throws SQLException {
        return new LegitimateBlock(
                row.getObject(1, UUID.class),
                Network.parse(row.getString(2)),
                row.getString(3),
                row.getString(4),
                row.getString(5),
                row.getString(6),
                instant(row, 7),
                instant(row, 8),
                row.getInt(9),
                row.getLong(10),
                instant(row, 11));
    }
}
