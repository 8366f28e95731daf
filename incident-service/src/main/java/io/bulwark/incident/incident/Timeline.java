package io.bulwark.incident.incident;

import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What happened in each incident, in the order in which it was written down. It only grows. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
public class Timeline {
    private final EntityManager entities;
    private final InstantSource clock;

    Timeline(EntityManager entities, InstantSource clock) {
        this.entities = entities;
        this.clock = clock;
    }

    /** Writes a line. */
    public TimelineEntry append(
            UUID incident, TimelineEntry.Kind kind, String text, String author, Instant occurredAt) {
        var entry = new TimelineEntry(incident, kind, text, author, occurredAt, clock.instant());
        entities.persist(entry);
        return entry;
    }

    List<TimelineEntry> read(UUID incident, @Nullable Long after, int limit) {
        return entities.createQuery(
                        "from TimelineEntry where incidentId = :incident and seq > :after order by seq",
                        TimelineEntry.class)
                .setParameter("incident", incident)
                .setParameter("after", after == null ? 0L : after)
                .setMaxResults(limit)
                .getResultList();
    }
}
