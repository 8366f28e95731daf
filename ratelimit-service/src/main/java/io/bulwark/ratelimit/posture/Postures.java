package io.bulwark.ratelimit.posture;

import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.List;

/** The posture of every application that ever had another than the usual one. */
@ApplicationScoped
class Postures {
    private static final String COLUMNS =
            "application, mode, factor, reason, author, since, until, status_page, version";
    private static final String ALL = "select " + COLUMNS + " from posture where mode <> 'NORMAL'";
    private static final String ONE = "select " + COLUMNS + " from posture where application = ?";
    private static final String DUE = "select application from posture where until <= ? order by application";
    private static final String PUT = """
            insert into posture (application, mode, factor, reason, author, since, until, status_page, version)
            values (?, ?, ?, ?, ?, ?, ?, ?, ?)
            on conflict (application) do update set mode = excluded.mode, factor = excluded.factor,
                reason = excluded.reason, author = excluded.author, since = excluded.since, until = excluded.until,
                status_page = excluded.status_page, version = excluded.version""";

    private final Database database;

    Postures(Database database) {
        this.database = database;
    }

    /** All but the usual ones. */
    List<Posture> unusual() {
        return database.query(ALL, Postures::read);
    }

    Posture of(String application) {
        return database.query(ONE, Postures::read, application).stream()
                .findFirst()
                .orElseGet(() -> Posture.initial(application));
    }

    /** As {@link #of}, and nobody else changes it until the transaction ends. */
    Posture lock(String application) {
        database.hold("posture " + application);
        return of(application);
    }

    /** The applications whose posture's time is over. */
    List<String> due(Instant now) {
        return database.query(DUE, row -> row.getString(1), now);
    }

    void put(Posture posture) {
        database.update(
                PUT,
                posture.application(),
                posture.mode().name(),
                posture.factor(),
                posture.reason(),
                posture.author(),
                posture.since(),
                posture.until(),
                posture.statusPage(),
                posture.version());
    }

    private static Posture read(ResultSet row) throws SQLException {
        return new Posture(
                row.getString(1),
                PostureMode.valueOf(row.getString(2)),
                row.getDouble(3),
                row.getString(4),
                row.getString(5),
                Database.instant(row, 6),
                Database.instantOrNull(row, 7),
                row.getString(8),
                row.getLong(9));
    }
}
