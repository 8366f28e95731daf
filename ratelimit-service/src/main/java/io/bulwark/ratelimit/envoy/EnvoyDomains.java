package io.bulwark.ratelimit.envoy;

import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.rule.RulePosition;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The domains that operators have put. */
@ApplicationScoped
class EnvoyDomains {
    private static final String ALL =
            "select application, domain, yaml, version, changed_at, changed_by from envoy_domain";
    private static final String PAGE = ALL + """
             where (application, domain) > (?, ?) and application = coalesce(?, application)
            order by application, domain limit ?""";
    private static final String ONE = ALL + " where application = ? and domain = ?";
    private static final String SIZE_OF_OTHERS = """
            select coalesce(sum(length(yaml)), 0) from envoy_domain where (application, domain) <> (?, ?)""";
    private static final String PUT = """
            insert into envoy_domain (application, domain, yaml, version, changed_at, changed_by)
            values (?, ?, ?, ?, ?, ?)
            on conflict (application, domain) do update set yaml = excluded.yaml, version = excluded.version,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by""";
    private static final String REMOVE = "delete from envoy_domain where application = ? and domain = ?";

    private final Database database;

    EnvoyDomains(Database database) {
        this.database = database;
    }

    /** From now on nobody else changes a domain, until the transaction ends: their size together is bounded. */
    void hold() {
        database.hold("envoy domains");
    }

    List<EnvoyDomain> all() {
        return database.query(ALL, EnvoyDomains::read);
    }

    /** By application and domain, those behind {@code after}. */
    List<EnvoyDomain> list(@Nullable String application, RulePosition after, int limit) {
        return database.query(PAGE, EnvoyDomains::read, after.application(), after.name(), application, limit);
    }

    Optional<EnvoyDomain> find(String application, String domain) {
        return database.query(ONE, EnvoyDomains::read, application, domain).stream()
                .findFirst();
    }

    /** How many characters all domains but this one have. */
    long sizeOfOthers(String application, String domain) {
        return database.query(SIZE_OF_OTHERS, row -> row.getLong(1), application, domain)
                .get(0);
    }

    void put(EnvoyDomain domain) {
        database.update(
                PUT,
                domain.application(),
                domain.domain(),
                domain.yaml(),
                domain.version(),
                domain.changedAt(),
                domain.changedBy());
    }

    void remove(String application, String domain) {
        database.update(REMOVE, application, domain);
    }

    private static EnvoyDomain read(ResultSet row) throws SQLException {
        return new EnvoyDomain(
                row.getString(1),
                row.getString(2),
                row.getString(3),
                row.getLong(4),
                Database.instant(row, 5),
                row.getString(6));
    }
}
