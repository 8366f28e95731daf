package io.bulwark.ratelimit.geo;

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

/** All geo blocks. The same target in the same scope is one: ordered again, it is as ordered last. */
@ApplicationScoped
class GeoBlocks {
    private static final String COLUMNS =
            " id, country, asn, application, endpoint, reason, author, blocked_at, until ";
    private static final String SELECT = "select" + COLUMNS + "from geo_block";
    private static final String ALL = SELECT + " order by application, country, asn, endpoint";
    private static final String PAGE = SELECT + """
             where (until is null or until > ?) and id > ? and application = coalesce(?, application)
            order by id limit ?""";
    private static final String PUT = """
            insert into geo_block (id, country, asn, application, endpoint, reason, author, blocked_at, until)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (application, endpoint, country, asn) do update set reason = excluded.reason,
                author = excluded.author, blocked_at = excluded.blocked_at, until = excluded.until
            returning""" + COLUMNS;
    private static final String REMOVE = "delete from geo_block where id = ? returning" + COLUMNS;
    private static final String ENDED = "select id from geo_block where until <= ?";
    private static final String REMOVE_ENDED = """
            delete from geo_block where id in (select id from geo_block
                where id = any (?::uuid[]) and until <= ? for update skip locked)
            returning""" + COLUMNS;

    private final Database database;

    GeoBlocks(Database database) {
        this.database = database;
    }

    List<GeoBlock> all() {
        return database.query(ALL, GeoBlocks::read);
    }

    /** In force, by id, those behind {@code after}. */
    List<GeoBlock> list(@Nullable String application, @Nullable UUID after, Instant now, int limit) {
        return database.query(PAGE, GeoBlocks::read, now, after == null ? new UUID(0, 0) : after, application, limit);
    }

    /** What is in force from now on: under the id that it had, where it was there before. */
    GeoBlock put(GeoBlock order) {
        return database.query(
                        PUT,
                        GeoBlocks::read,
                        order.id(),
                        order.target().country(),
                        order.target().asn(),
                        order.scope().application(),
                        order.scope().endpoint(),
                        order.reason(),
                        order.author(),
                        order.blockedAt(),
                        order.until())
                .getFirst();
    }

    /** What it was; empty where there is none. */
    Optional<GeoBlock> remove(UUID id) {
        return database.query(REMOVE, GeoBlocks::read, id).stream().findFirst();
    }

    /** The ids of those that have run their time. */
    List<String> ended(Instant now) {
        return database.query(ENDED, row -> row.getString(1), now);
    }

    /** Removes those of them that have run their time; each is removed by one replica. */
    List<GeoBlock> removeEnded(List<String> ids, Instant now) {
        return database.query(REMOVE_ENDED, GeoBlocks::read, ids, now);
    }

    private static GeoBlock read(ResultSet row) throws SQLException {
        return new GeoBlock(
                row.getObject(1, UUID.class),
                new GeoTarget(row.getString(2), row.getObject(3, Long.class)),
                new Scope(row.getString(4), row.getString(5)),
                row.getString(6),
                row.getString(7),
                Database.instant(row, 8),
                Database.instantOrNull(row, 9));
    }
}
