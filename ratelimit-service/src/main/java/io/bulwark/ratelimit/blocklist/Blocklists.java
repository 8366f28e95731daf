package io.bulwark.ratelimit.blocklist;

import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.rule.RulePosition;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All lists that are subscribed to. */
@ApplicationScoped
class Blocklists {
    private static final String COLUMNS = """
             application, name, url, format, refresh, expiry, max_entries, shadow, note, version, changed_at, changed_by,
             entries, refused, sha256, etag, last_modified, fetched_at, attempted_at, next_at, failure, failures
            """;
    private static final String ALL = "select" + COLUMNS + "from blocklist";
    private static final String PAGE = ALL + """
             where (application, name) > (?, ?) and application = coalesce(?, application)
            order by application, name limit ?""";
    private static final String ONE = ALL + " where application = ? and name = ?";

    /** What comes from elsewhere, or is read otherwise, begins anew. */
    private static final String PUT = """
            insert into blocklist as known (application, name, url, format, refresh, expiry, max_entries, shadow, note,
                version, changed_at, changed_by, next_at)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (application, name) do update set url = excluded.url, format = excluded.format,
                refresh = excluded.refresh, expiry = excluded.expiry, max_entries = excluded.max_entries,
                shadow = excluded.shadow, note = excluded.note, version = excluded.version,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by, next_at = excluded.next_at,
                etag = null, last_modified = null""";

    private static final String FORGET = """
            update blocklist set networks = null, entries = 0, refused = 0, sha256 = null, etag = null,
                last_modified = null, fetched_at = null, failure = null, failures = 0
            where application = ? and name = ?""";

    private static final String REMOVE = "delete from blocklist where application = ? and name = ?";
    private static final String HASTEN = "update blocklist set next_at = ? where application = ? and name = ?";

    private static final String CLAIM = """
            update blocklist set next_at = ?, attempted_at = ? where (application, name) = (
                select application, name from blocklist where next_at <= ? order by next_at limit 1
                for update skip locked) returning""" + COLUMNS;

    private static final String STORE = """
            update blocklist set networks = coalesce(?::bytea, networks), entries = ?, refused = ?,
                sha256 = ?, etag = ?, last_modified = ?, fetched_at = ?, next_at = ?, failure = null, failures = 0
            where application = ? and name = ? and next_at = ?""";

    private static final String FAIL = """
            update blocklist set failure = ?, failures = failures + 1, next_at = ?
            where application = ? and name = ? and next_at = ?""";

    private static final String OTHERS =
            "select coalesce(sum(entries), 0) from blocklist where not (application = ? and name = ?)";
    private static final String NETWORKS = "select networks from blocklist where application = ? and name = ?";

    private final Database database;

    Blocklists(Database database) {
        this.database = database;
    }

    /** From now on nobody else changes what is subscribed to, until the transaction ends. */
    void hold() {
        database.hold("blocklists");
    }

    List<Blocklist> all() {
        return database.query(ALL, Blocklists::read);
    }

    /** By application and name, those behind {@code after}. */
    List<Blocklist> list(@Nullable String application, RulePosition after, int limit) {
        return database.query(PAGE, Blocklists::read, after.application(), after.name(), application, limit);
    }

    Optional<Blocklist> find(String application, String name) {
        return database.query(ONE, Blocklists::read, application, name).stream().findFirst();
    }

    /** Subscribes, or changes the settings; either way it is fetched next, and as a whole: it may not fit them. */
    void put(Blocklist list) {
        var settings = list.settings();
        database.update(
                PUT,
                list.application(),
                list.name(),
                settings.url(),
                settings.format().word(),
                settings.refresh().toSeconds(),
                settings.expiry().toSeconds(),
                settings.maxEntries(),
                settings.shadow(),
                settings.note(),
                list.version(),
                list.changedAt(),
                list.changedBy(),
                list.progress().nextAt());
    }

    /** Forgets what it holds: that came from elsewhere. */
    void forget(String application, String name) {
        database.update(FORGET, application, name);
    }

    void remove(String application, String name) {
        database.update(REMOVE, application, name);
    }

    /** Entries of all the others. */
    long entriesBeside(String application, String name) {
        return database.query(OTHERS, row -> row.getLong(1), application, name).getFirst();
    }

    /** Fetches it next. */
    void hasten(String application, String name, Instant at) {
        database.update(HASTEN, at, application, name);
    }

    /**
     * One that is due; nobody else gets it before {@code until}, even if this replica dies. Whatever makes it due otherwise
     * takes the claim away, and with it what is being fetched: that may be of other settings, or another list.
     */
    Optional<Blocklist> claim(Instant now, Instant until) {
        return database.query(CLAIM, Blocklists::read, until, now, now).stream().findFirst();
    }

    /**
     * Keeps what was fetched; false where the claim is lost.
     *
     * @param networks null where they are what they were
     */
    boolean store(Blocklist list, Blocklist.Progress fetched, @Nullable NetworkList networks) {
        return database.update(
                        STORE,
                        networks == null ? null : networks.encode(),
                        fetched.entries(),
                        fetched.refused(),
                        fetched.sha256(),
                        fetched.etag(),
                        fetched.lastModified(),
                        fetched.fetchedAt(),
                        fetched.nextAt(),
                        list.application(),
                        list.name(),
                        list.progress().nextAt())
                == 1;
    }

    /** Notes that it could not be fetched, unless the claim is lost. */
    void fail(Blocklist list, String failure, Instant nextAt) {
        database.update(
                FAIL,
                failure,
                nextAt,
                list.application(),
                list.name(),
                list.progress().nextAt());
    }

    NetworkList networks(String application, String name) {
        return database.query(NETWORKS, row -> Optional.ofNullable(row.getBytes(1)), application, name).stream()
                .flatMap(Optional::stream)
                .findFirst()
                .map(NetworkList::decode)
                .orElseGet(() -> new NetworkList(List.of()));
    }

    private static Blocklist read(ResultSet row) throws SQLException {
        var settings = new BlocklistSettings(
                row.getString("url"),
                ListFormat.of(row.getString("format")),
                Duration.ofSeconds(row.getLong("refresh")),
                Duration.ofSeconds(row.getLong("expiry")),
                row.getInt("max_entries"),
                row.getBoolean("shadow"),
                row.getString("note"));
        return new Blocklist(
                row.getString("application"),
                row.getString("name"),
                settings,
                row.getLong("version"),
                Database.instant(row, row.findColumn("changed_at")),
                row.getString("changed_by"),
                progress(row));
    }

    private static Blocklist.Progress progress(ResultSet row) throws SQLException {
        return new Blocklist.Progress(
                row.getInt("entries"),
                row.getInt("refused"),
                row.getString("sha256"),
                row.getString("etag"),
                row.getString("last_modified"),
                Database.instantOrNull(row, row.findColumn("fetched_at")),
                Database.instantOrNull(row, row.findColumn("attempted_at")),
                Database.instant(row, row.findColumn("next_at")),
                row.getString("failure"),
                row.getInt("failures"));
    }
}
