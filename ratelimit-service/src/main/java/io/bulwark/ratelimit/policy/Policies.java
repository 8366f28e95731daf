package io.bulwark.ratelimit.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.agroal.api.AgroalDataSource;
import jakarta.enterprise.context.ApplicationScoped;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** All policies. */
@ApplicationScoped
class Policies {
    private static final String COLUMNS = "application, endpoint, rule::text, version, changed_at, changed_by";
    private static final String ALL = "select " + COLUMNS + " from policy order by application, endpoint";
    private static final String PAGE = "select " + COLUMNS + """
             from policy where (application, endpoint) > (?, ?) and (? or application = ?)
            order by application, endpoint limit ?""";
    private static final String ONE = "select " + COLUMNS + " from policy where application = ? and endpoint = ?";
    private static final String PUT = """
            insert into policy (application, endpoint, rule, version, changed_at, changed_by)
            values (?, ?, ?::jsonb, ?, ?, ?)
            on conflict (application, endpoint) do update set rule = excluded.rule, version = excluded.version,
                changed_at = excluded.changed_at, changed_by = excluded.changed_by""";
    private static final String REMOVE = "delete from policy where application = ? and endpoint = ?";
    private static final String HOLD = "select pg_advisory_xact_lock(hashtextextended('policies', 0))";

    private final AgroalDataSource dataSource;
    private final ObjectMapper json;

    Policies(AgroalDataSource dataSource, ObjectMapper json) {
        this.dataSource = dataSource;
        this.json = json;
    }

    /** From now on nobody else changes a policy, until the transaction ends: some rules are about all of them. */
    void hold() {
        with(HOLD, PreparedStatement::executeQuery);
    }

    List<Policy> all() {
        return with(ALL, this::read);
    }

    /** By application and endpoint, those behind {@code after}. */
    List<Policy> list(@Nullable String application, @Nullable Position after, int limit) {
        return with(PAGE, query -> {
            query.setString(1, after == null ? "" : after.application());
            query.setString(2, after == null ? "" : after.endpoint());
            query.setBoolean(3, application == null);
            query.setString(4, application);
            query.setInt(5, limit);
            return read(query);
        });
    }

    /** Where a page of the list ended. */
    record Position(String application, String endpoint) {}

    Optional<Policy> find(String application, String endpoint) {
        return with(ONE, query -> {
            query.setString(1, application);
            query.setString(2, endpoint);
            return read(query).stream().findFirst();
        });
    }

    void put(Policy policy) {
        with(PUT, update -> {
            update.setString(1, policy.application());
            update.setString(2, policy.endpoint());
            update.setString(3, write(policy.rule()));
            update.setLong(4, policy.version());
            update.setObject(5, policy.changedAt().atOffset(ZoneOffset.UTC));
            update.setString(6, policy.changedBy());
            return update.executeUpdate();
        });
    }

    void remove(String application, String endpoint) {
        with(REMOVE, update -> {
            update.setString(1, application);
            update.setString(2, endpoint);
            return update.executeUpdate();
        });
    }

    private List<Policy> read(PreparedStatement query) throws SQLException {
        var found = new ArrayList<Policy>();
        try (var rows = query.executeQuery()) {
            while (rows.next()) {
                found.add(read(rows));
            }
        }
        return found;
    }

    private Policy read(ResultSet row) throws SQLException {
        return new Policy(
                row.getString(1),
                row.getString(2),
                parse(row.getString(3)),
                row.getLong(4),
                instant(row),
                row.getString(6));
    }

    private static Instant instant(ResultSet row) throws SQLException {
        return row.getObject(5, OffsetDateTime.class).toInstant();
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

    private <T> T with(String sql, Work<T> work) {
        try (Connection connection = dataSource.getConnection();
                var statement = connection.prepareStatement(sql)) {
            return work.on(statement);
        } catch (SQLException e) {
            throw new IllegalStateException("Policies cannot be reached: " + e.getMessage(), e);
        }
    }

    private interface Work<T> {
        T on(PreparedStatement statement) throws SQLException;
    }
}
