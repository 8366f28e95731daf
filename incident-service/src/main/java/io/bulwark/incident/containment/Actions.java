package io.bulwark.incident.containment;

import io.bulwark.incident.incident.Incident;
import io.bulwark.incident.incident.Status;
import io.bulwark.incident.incident.Timeline;
import io.bulwark.incident.incident.TimelineEntry.Kind;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import java.time.Instant;
import java.util.List;
import java.util.UUID;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** All orders. An order, its line on the timeline and its command are one transaction, which the caller brings. */
@ApplicationScoped
@Transactional(Transactional.TxType.MANDATORY)
class Actions {
    private static final Logger LOG = Logger.getLogger(Actions.class);

    private final EntityManager entities;
    private final Timeline timeline;
    private final Outbox outbox;

    Actions(EntityManager entities, Timeline timeline, Outbox outbox) {
        this.entities = entities;
        this.timeline = timeline;
        this.outbox = outbox;
    }

    /** @param incident locked, so that it is not closed meanwhile */
    void request(Incident incident, Action action, String author) {
        if (incident.status() == Status.CLOSED) {
            throw new IncidentIsClosed(incident.number());
        }
        entities.persist(action);
        timeline.append(
                incident.id(),
                Kind.ACTION_REQUESTED,
                action.sentence() + ": " + action.reason(),
                author,
                action.requestedAt());
        outbox.publish(action.command(), incident.application());
    }

    /** Notes what became of an order. */
    void finish(String commandId, Action.State state, String outcome, String author, Instant at) {
        var action = find(commandId);
        if (action == null) {
            LOG.warnf("An outcome from %s is of no order of ours: %s", author, commandId);
            return;
        }
        if (!action.finish(state, outcome, at)) {
            return;
        }
        var done = state == Action.State.DONE;
        timeline.append(
                action.incidentId(),
                done ? Kind.ACTION_DONE : Kind.ACTION_FAILED,
                action.sentence() + (done ? " - done: " : " - failed: ") + outcome,
                author,
                at);
    }

    List<Action> of(UUID incident, @Nullable UUID after, int limit) {
        return entities.createQuery(
                        "from Action where incidentId = :incident and commandId > :after order by commandId",
                        Action.class)
                .setParameter("incident", incident)
                .setParameter("after", after == null ? new UUID(0, 0) : after)
                .setMaxResults(limit)
                .getResultList();
    }

    private @Nullable Action find(String commandId) {
        try {
            return entities.find(Action.class, UUID.fromString(commandId), LockModeType.PESSIMISTIC_WRITE);
        } catch (IllegalArgumentException e) {
            return null;
        }
    }
}
