package io.bulwark.incident.incident;

import io.bulwark.events.IncidentEvent;
import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.events.IncidentEvent.SlaBreached;
import io.bulwark.incident.IncidentConfig;
import io.bulwark.incident.incident.TimelineEntry.Kind;
import io.bulwark.kit.outbox.Outbox;
import io.bulwark.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import java.util.List;
import java.util.StringJoiner;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All incidents. A change, its line on the timeline and its event are one transaction, which the caller brings. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class Incidents {
    /** Who writes on the timeline where no person does. */
    public static final String SELF = "incident-service";

    private final EntityManager entities;
    private final Timeline timeline;
    private final Outbox outbox;
    private final Event<IncidentEvent> announcements;
    private final IncidentConfig config;
    private final InstantSource clock;

    Incidents(
            EntityManager entities,
            Timeline timeline,
            Outbox outbox,
            Event<IncidentEvent> announcements,
            IncidentConfig config,
            InstantSource clock) {
        this.entities = entities;
        this.timeline = timeline;
        this.outbox = outbox;
        this.announcements = announcements;
        this.config = config;
        this.clock = clock;
    }

    /** Opens one; its clock starts now. */
    public Incident open(Opening opening) {
        var now = clock.instant();
        var incident =
                new Incident(opening, nextNumber(), now, config.acknowledge().within(opening.severity()));
        entities.persist(incident);
        entities.flush();
        timeline.append(incident.id(), Kind.OPENED, opening.finding(), opening.author(), opening.detectedAt());
        announce(incident, incident.opened());
        return incident;
    }

    /** @throws Problem 404 where there is none */
    public Incident get(UUID id) {
        return found(entities.find(Incident.class, id));
    }

    /** The incident, locked for a change until the transaction ends. */
    public Incident locked(UUID id) {
        return found(entities.find(Incident.class, id, LockModeType.PESSIMISTIC_WRITE));
    }

    void acknowledge(Incident incident, Person by) {
        var now = clock.instant();
        incident.breach(now).ifPresent(breach -> breached(incident, breach));
        announce(incident, incident.acknowledge(by.id(), now));
        timeline.append(incident.id(), Kind.ACKNOWLEDGED, "Acknowledged", by.name(), now);
    }

    void resolve(Incident incident, Person by, String resolution) {
        var now = clock.instant();
        announce(incident, incident.resolve(by.id(), resolution, now));
        timeline.append(incident.id(), Kind.RESOLVED, "Resolved: " + resolution, by.name(), now);
    }

    void close(Incident incident, Person by) {
        var now = clock.instant();
        announce(incident, incident.close(by.id(), now));
        timeline.append(incident.id(), Kind.CLOSED, "Closed", by.name(), now);
    }

    /** Notes the breach of every incident whose clock has run out, at most so many; several replicas share the work. */
    public int noteBreaches(int limit) {
        var now = clock.instant();
        @SuppressWarnings("unchecked")
        List<Incident> overdue = entities.createNativeQuery("""
                        select * from incident
                        where acknowledged_at is null and breached_at is null and acknowledge_by < :now
                        order by acknowledge_by limit :limit for update skip locked""", Incident.class)
                .setParameter("now", now)
                .setParameter("limit", limit)
                .getResultList();
        overdue.forEach(incident -> incident.breach(now).ifPresent(breach -> breached(incident, breach)));
        return overdue.size();
    }

    private void breached(Incident incident, SlaBreached breach) {
        announce(incident, breach);
        timeline.append(
                incident.id(), Kind.SLA_BREACHED, "Not acknowledged by " + breach.dueAt(), SELF, breach.dueAt());
    }

    List<Incident> list(Filter filter, @Nullable Long below, int limit) {
        var where = new StringJoiner(" and ", " where ", "").setEmptyValue("");
        if (filter.status() != null) {
            where.add("status = :status");
        }
        if (filter.severity() != null) {
            where.add("severity = :severity");
        }
        if (filter.application() != null) {
            where.add("application = :application");
        }
        if (below != null) {
            where.add("number < :below");
        }
        var query = entities.createQuery("from Incident" + where + " order by number desc", Incident.class)
                .setMaxResults(limit);
        if (filter.status() != null) {
            query.setParameter("status", filter.status());
        }
        if (filter.severity() != null) {
            query.setParameter("severity", filter.severity());
        }
        if (filter.application() != null) {
            query.setParameter("application", filter.application());
        }
        if (below != null) {
            query.setParameter("below", below);
        }
        return query.getResultList();
    }

    /** What a list is narrowed to; null where it is not. */
    record Filter(
            @Nullable Status status,
            @Nullable Severity severity,
            @Nullable String application) {}

    /** Somebody who changes an incident. */
    record Person(String id, String name) {}

    private void announce(Incident incident, IncidentEvent event) {
        outbox.publish(event, incident.application());
        announcements.fire(event);
    }

    private long nextNumber() {
        return ((Number) entities.createNativeQuery("select nextval('incident_number')", Long.class)
                        .getSingleResult())
                .longValue();
    }

    private static Incident found(@Nullable Incident incident) {
        if (incident == null) {
            throw Problem.notFound("incident");
        }
        return incident;
    }
}
