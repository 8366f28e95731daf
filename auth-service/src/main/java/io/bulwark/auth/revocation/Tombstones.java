package io.bulwark.auth.revocation;

import io.bulwark.events.Topic;
import io.bulwark.kit.outbox.Outbox;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import java.time.InstantSource;
import java.util.List;

/** Forgets the revocations of sessions that no living token belongs to, here and on the topic. */
@ApplicationScoped
class Tombstones {
    private static final int BATCH = 1_000;

    private final EntityManager entities;
    private final Outbox outbox;
    private final InstantSource clock;

    Tombstones(EntityManager entities, Outbox outbox, InstantSource clock) {
        this.entities = entities;
        this.outbox = outbox;
        this.clock = clock;
    }

    @Scheduled(every = "1m", skipExecutionIf = ApplicationNotRunning.class)
    @Transactional
    void publishDue() {
        @SuppressWarnings("unchecked")
        List<String> due = entities.createNativeQuery("""
            delete from revocation where key in (
                select key from revocation where tombstone_at <= :now
                order by key limit :batch for update skip locked)
            returning key\
            """, String.class)
                .setParameter("now", clock.instant())
                .setParameter("batch", BATCH)
                .getResultList();
        due.forEach(key -> outbox.publishTombstone(Topic.REVOCATIONS, key));
    }
}
