package io.bulwark.ratelimit.allowlist;

import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.prefix.Scope;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The allowlist. */
@ApplicationScoped
class Allowances {
    private static final String COLUMNS = "id, target::text, application, endpoint, reason, author, since, until";
    private static final String IN_FORCE = "select " + COLUMNS + " from allowance where until is null or until > ?";
    private static final String PAGE = "select " + COLUMNS + """
             from allowance where (until is null or until > ?) and id > ? and (? or application = ?)
            order by id limit ?""";
    private static final String PUT = """
            insert into allowance (id, target, application, endpoint, reason, author, since, until)
            values (?, ?::cidr, ?, ?, ?, ?, ?, ?)
            on conflict (target, application, endpoint) do update set reason = excluded.reason,
                author = excluded.author, since = excluded.since, until = excluded.until
            returning\s""" + COLUMNS;
    private static final String REMOVE = "delete from allowance where id = ? returning " + COLUMNS;
    private static final String OVER = "select id from allowance where until <= ?";
    private static final String REMOVE_OVER = """
            delete from allowance where id in (select id from allowance
                where id = any (?::uuid[]) and until <= ? for update skip locked)
            returning\s""" + COLUMNS;

    private final Database database;

    Allowances(Database database) {
        this.database = database;
    }

    List<Allowance> inForce(Instant now) {
        return database.query(IN_FORCE, Allowances::read, now);
    }

    /** By id, those behind {@code after}. */
    List<Allowance> list(@Nullable String application, @Nullable UUID after, Instant now, int limit) {
        return database.query(
                PAGE,
                Allowances::read,
                now,
                after == null ? new UUID(0, 0) : after,
                application == null,
                application,
                limit);
    }

    /** Adds it, or changes the one of the same target, application and endpoint, which keeps its id. */
    Allowance put(Allowance allowance) {
        return database.query(
                        PUT,
                        Allowances::read,
                        allowance.id(),
                        allowance.target().toString(),
                        allowance.scope().application(),
                        allowance.scope().endpoint(),
                        allowance.reason(),
                        allowance.author(),
                        allowance.since(),
                        allowance.until())
                .getFirst();
    }

    Optional<Allowance> remove(UUID id) {
        return database.query(REMOVE, Allowances::read, id).stream().findFirst();
    }

    /** The ids of those whose time is over. */
    List<String> over(Instant now) {
        return database.query(OVER, row -> row.getString(1), now);
    }

    /** Takes out those of them whose time is over; each is taken out by one replica. */
    List<Allowance> removeOver(List<String> ids, Instant now) {
        return database.query(REMOVE_OVER, Allowances::read, ids, now);
    }

    private static Allowance read(ResultSet row) throws SQLException {
        return new Allowance(
                row.getObject(1, UUID.class),
                Network.parse(row.getString(2)),
                new Scope(row.getString(3), row.getString(4)),
                row.getString(5),
                row.getString(6),
                Database.instant(row, 7),
                Database.instantOrNull(row, 8));
    }
}
