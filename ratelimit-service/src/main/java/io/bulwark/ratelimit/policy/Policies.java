package io.bulwark.ratelimit.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bulwark.ratelimit.database.Database;
import io.bulwark.ratelimit.rule.RulePosition;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All policies. */
@ApplicationScoped
class Policies {
    private static final String COLUMNS = "application, endpoint, rule::text, version, changed_at, changed_by";
    private static final String ALL = "select " + COLUMNS + " from policy order by application, endpoint";
    private static final String PAGE = "select " + COLUMNS + """
             from policy where (application, endpoint) > (?, ?) and application = coalesce(?, application)
            order by application, endpoint limit ?""";
    private static final String ONE = "select " + COLUMNS + " from policy where application = ? and endpoint = ?";
    private static final String PUT = """
            insert into policy (application, endpoint, rule, version, changed_at, changed_by)
            values (?, ?, ?::jsonb, ?, ?, ?)
            on conflict (application, endpoint) do update set rule = excluded.rule, version = excluded.version,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by""";
    private static final String REMOVE = "delete from policy where application = ? and endpoint = ?";

    private final Database database;
    private final ObjectMapper json;

    Policies(Database database, ObjectMapper json) {
        this.database = database;
        this.json = json;
    }

    /** From now on nobody else changes a policy, until the transaction ends: some rules are about all of them. */
    void hold() {
        database.hold("policies");
    }

    List<Policy> all() {
        return database.query(ALL, this::read);
    }

    /** By application and endpoint, those behind {@code after}. */
    List<Policy> list(@Nullable String application, RulePosition after, int limit) {
        return database.query(PAGE, this::read, after.application(), after.name(), application, limit);
    }

    Optional<Policy> find(String application, String endpoint) {
        return database.query(ONE, this::read, application, endpoint).stream().findFirst();
    }

    void put(Policy policy) {
        database.update(
                PUT,
                policy.application(),
                policy.endpoint(),
                write(policy.rule()),
                policy.version(),
                policy.changedAt(),
                policy.changedBy());
    }

    void remove(String application, String endpoint) {
        database.update(REMOVE, application, endpoint);
    }

    private Policy read(ResultSet row) throws SQLException {
        return new Policy(
                row.getString(1),
                row.getString(2),
                parse(row.getString(3)),
                row.getLong(4),
                Database.instant(row, 5),
                row.getString(6));
    }

    private PolicyRule parse(String text) {
        try {
            return json.readValue(text, PolicyRule.class);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A stored policy cannot be read: " + e.getOriginalMessage(), e);
        }
    }

    private String write(PolicyRule rule) {
        try {
            return json.writeValueAsString(rule);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("A policy cannot be stored: " + e.getOriginalMessage(), e);
        }
    }
}
