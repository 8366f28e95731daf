package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The life of an incident, keyed by its id. */
public sealed interface IncidentEvent extends SuiteEvent {
    String incidentId();

    @Override
    default Topic topic() {
        return Topic.INCIDENTS;
    }

    @Override
    default String key() {
        return incidentId();
    }

    /** P0 critical, P1 high, P2 medium, P3 low. */
    enum Severity {
        P0,
        P1,
        P2,
        P3
    }

    /** @param rule the alert rule that opened it; null where a person did */
    @EventType("io.bulwark.incident.opened.v1")
    record IncidentOpened(
            String incidentId,
            Severity severity,
            String title,
            @Nullable String rule,
            Instant detectedAt,
            Instant acknowledgeBy)
            implements IncidentEvent {
        public IncidentOpened {
            requireNonNull(incidentId, "incidentId");
            requireNonNull(severity, "severity");
            requireNonNull(title, "title");
            requireNonNull(detectedAt, "detectedAt");
            requireNonNull(acknowledgeBy, "acknowledgeBy");
        }
    }

    @EventType("io.bulwark.incident.acknowledged.v1")
    record IncidentAcknowledged(String incidentId, String acknowledgedBy, Instant acknowledgedAt, boolean inTime)
            implements IncidentEvent {
        public IncidentAcknowledged {
            requireNonNull(incidentId, "incidentId");
            requireNonNull(acknowledgedBy, "acknowledgedBy");
            requireNonNull(acknowledgedAt, "acknowledgedAt");
        }
    }

    /** A clock ran out, such as {@code acknowledge}. */
    @EventType("io.bulwark.incident.sla-breached.v1")
    record SlaBreached(String incidentId, Severity severity, String clock, Instant dueAt) implements IncidentEvent {
        public SlaBreached {
            requireNonNull(incidentId, "incidentId");
            requireNonNull(severity, "severity");
            requireNonNull(clock, "clock");
            requireNonNull(dueAt, "dueAt");
        }
    }

    @EventType("io.bulwark.incident.resolved.v1")
    record IncidentResolved(String incidentId, String resolvedBy, Instant resolvedAt, String resolution)
            implements IncidentEvent {
        public IncidentResolved {
            requireNonNull(incidentId, "incidentId");
            requireNonNull(resolvedBy, "resolvedBy");
            requireNonNull(resolvedAt, "resolvedAt");
            requireNonNull(resolution, "resolution");
        }
    }

    @EventType("io.bulwark.incident.closed.v1")
    record IncidentClosed(String incidentId, String closedBy, Instant closedAt) implements IncidentEvent {
        public IncidentClosed {
            requireNonNull(incidentId, "incidentId");
            requireNonNull(closedBy, "closedBy");
            requireNonNull(closedAt, "closedAt");
        }
    }
}
