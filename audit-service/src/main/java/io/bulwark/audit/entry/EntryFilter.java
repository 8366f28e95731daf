package io.bulwark.audit.entry;

import io.bulwark.kit.problem.Problem;
import jakarta.validation.constraints.Size;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.jboss.resteasy.reactive.RestQuery;
import org.jspecify.annotations.Nullable;

/** Which entries are asked for; what is absent does not narrow. */
public class EntryFilter {
    private static final int MAX = 256;

    /** Id, or name without regard to case, of who did it or whom it befell. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String actor;

    /** One of the actor's roles as of then. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String role;

    @RestQuery
    @Size(max = MAX)
    @Nullable
    String action;

    /** What it was done to, or what the event is about, such as an address. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String target;

    /** The {@code ce_type}. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String type;

    /** The {@code ce_id}. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String eventId;

    @RestQuery
    @Size(max = MAX)
    @Nullable
    String topic;

    @RestQuery
    @Size(max = MAX)
    @Nullable
    String application;

    /** Earliest time of the event, inclusive. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String from;

    /** Latest time of the event, exclusive. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String to;

    /** Words of the event's data: {@code "a phrase"}, {@code or}, {@code -not}. */
    @RestQuery
    @Size(max = MAX)
    @Nullable
    String q;

    /** What callers with this role did within the period, start included. */
    public static EntryFilter actionsOf(String role, String topic, Instant from, Instant to) {
        var filter = new EntryFilter();
        filter.role = role;
        filter.topic = topic;
        filter.from = from.toString();
        filter.to = to.toString();
        return filter;
    }

    record Condition(String sql, Object parameter) {}

    /**
     * The conditions in one or two sets, which exclude each other: an actor is found along the index of ids or that of
     * names, where an "or" would sort all that the actor ever did.
     */
    List<List<Condition>> alternatives(@Nullable Long before) {
        var conditions = conditions();
        add(conditions, "index < ?", before);
        if (actor == null) {
            return List.of(conditions);
        }
        var byName = new ArrayList<>(conditions);
        add(byName, "lower(actor_name) = lower(?)", actor);
        add(byName, "actor_id is distinct from ?", actor);
        add(conditions, "actor_id = ?", actor);
        return List.of(conditions, byName);
    }

    private List<Condition> conditions() {
        var conditions = new ArrayList<Condition>();
        add(conditions, "? = any (roles)", role);
        add(conditions, "action = ?", action);
        add(conditions, "target = ?", target);
        add(conditions, "type = ?", type);
        add(conditions, "event_id = ?", eventId);
        add(conditions, "topic = ?", topic);
        add(conditions, "application = ?", application);
        add(conditions, "occurred_at >= ?", time("from", from));
        add(conditions, "occurred_at < ?", time("to", to));
        add(conditions, "to_tsvector('simple', data) @@ websearch_to_tsquery('simple', ?)", q);
        return conditions;
    }

    private static void add(List<Condition> conditions, String sql, @Nullable Object parameter) {
        if (parameter instanceof String text && text.indexOf('\0') >= 0) {
            throw Problem.invalid("query", "holds a NUL character");
        }
        if (parameter != null) {
            conditions.add(new Condition(sql, parameter));
        }
    }

    private static @Nullable OffsetDateTime time(String field, @Nullable String text) {
        if (text == null) {
            return null;
        }
        try {
            // A plus sign in a query string is a space unless it was escaped; PostgreSQL takes no offset of 16 hours.
            var time = OffsetDateTime.parse(text.replace(' ', '+')).withOffsetSameInstant(ZoneOffset.UTC);
            if (time.getYear() >= 1 && time.getYear() <= 9999) {
                return time;
            }
        } catch (DateTimeException e) {
            throw Problem.invalid(field, "is no RFC 3339 time, such as 2026-01-31T13:05:00Z");
        }
        throw Problem.invalid(field, "is not within the years 1 to 9999");
    }
}
