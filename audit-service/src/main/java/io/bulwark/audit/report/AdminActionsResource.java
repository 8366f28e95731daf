package io.bulwark.audit.report;

import io.bulwark.audit.entry.Entries;
import io.bulwark.audit.entry.EntryFilter;
import io.bulwark.audit.entry.EntryView;
import io.bulwark.events.Topic;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.page.Cursor;
import io.bulwark.kit.page.Page;
import io.bulwark.kit.problem.Problem;
import jakarta.annotation.security.RolesAllowed;
import jakarta.validation.constraints.Max;
import jakarta.validation.constraints.Min;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DefaultValue;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import java.sql.SQLException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import javax.sql.DataSource;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** What administrators did of late. */
@Path("/api/v1/reports/admin-actions")
class AdminActionsResource {
    private static final Duration LONGEST = Duration.ofDays(366);
    private static final String BY_ADMIN = """
            select application, actor_id, actor_name,
                   coalesce(sum(occurrences) filter (where outcome = 'ALLOWED'), 0) as allowed,
                   coalesce(sum(occurrences) filter (where outcome = 'DENIED'), 0) as denied,
                   max(occurred_at) as latest
            from entry
            where topic = 'audit-trail' and 'admin' = any (roles) and occurred_at >= ? and occurred_at < ?
            group by application, actor_id, actor_name
            order by allowed desc, latest desc, application, actor_id, actor_name limit 500""";

    private final Entries entries;
    private final DataSource dataSource;
    private final InstantSource clock;

    AdminActionsResource(Entries entries, DataSource dataSource, InstantSource clock) {
        this.entries = entries;
        this.dataSource = dataSource;
        this.clock = clock;
    }

    /**
     * The calls of one administrator of one application in the period.
     *
     * @param name the e-mail address as of then: whoever changed it stands here twice
     * @param denied refused ones, such as for a lack of another role
     */
    record Admin(
            String application,
            @Nullable String id,
            @Nullable String name,
            long allowed,
            long denied,
            Instant latest) {}

    /** @param actions newest first, in pages */
    record AdminActions(Instant from, Instant to, List<Admin> admins, Page<EntryView> actions) {}

    /** @param period ISO-8601, back from now, by the time of the action; 366 days at most */
    @GET
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN})
    public AdminActions of(
            @RestQuery @DefaultValue("P7D") @Size(max = 32) String period,
            @RestQuery @DefaultValue(Page.DEFAULT_LIMIT) @Min(1) @Max(Page.MAX_LIMIT) int limit,
            @RestQuery @Size(max = 64) @Nullable String cursor)
            throws SQLException {
        var to = clock.instant();
        var from = to.minus(duration(period));
        var filter = EntryFilter.actionsOf(Roles.ADMIN, Topic.AUDIT_TRAIL.topicName(), from, to);
        var found = entries.find(filter, Cursor.read(cursor, Long::valueOf), limit + 1);
        return new AdminActions(
                from,
                to,
                admins(from, to),
                Page.of(found, limit, entry -> Long.toString(entry.index()), EntryView::listed));
    }

    private List<Admin> admins(Instant from, Instant to) throws SQLException {
        try (var connection = dataSource.getConnection();
                var query = connection.prepareStatement(BY_ADMIN)) {
            query.setObject(1, from.atOffset(ZoneOffset.UTC));
            query.setObject(2, to.atOffset(ZoneOffset.UTC));
            var admins = new ArrayList<Admin>();
            try (var rows = query.executeQuery()) {
                while (rows.next()) {
                    admins.add(new Admin(
                            rows.getString("application"),
                            rows.getString("actor_id"),
                            rows.getString("actor_name"),
                            rows.getLong("allowed"),
                            rows.getLong("denied"),
                            rows.getObject("latest", OffsetDateTime.class).toInstant()));
                }
            }
            return admins;
        }
    }

    private static Duration duration(String period) {
        try {
            var duration = Duration.parse(period);
            if (duration.isPositive() && duration.compareTo(LONGEST) <= 0) {
                return duration;
            }
        } catch (DateTimeException e) {
            throw Problem.invalid("period", "is no ISO-8601 duration, such as P7D or PT12H");
        }
        throw Problem.invalid("period", "is not between zero and " + LONGEST.toDays() + " days");
    }
}
