package io.bulwark.incident.incident;

import io.bulwark.events.EventIds;
import io.bulwark.events.IncidentEvent.IncidentAcknowledged;
import io.bulwark.events.IncidentEvent.IncidentClosed;
import io.bulwark.events.IncidentEvent.IncidentOpened;
import io.bulwark.events.IncidentEvent.IncidentResolved;
import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.events.IncidentEvent.SlaBreached;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Version;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Something that somebody has to answer to. Every change is a method that refuses where it must and tells what happened. */
@Entity
public class Incident {
    /** The one clock that runs before anybody has acknowledged. */
    static final String ACKNOWLEDGE_CLOCK = "acknowledge";

    @Id
    private UUID id;

    private long number;
    private String application;
    private String title;

    @Enumerated(EnumType.STRING)
    private Severity severity;

    @Enumerated(EnumType.STRING)
    private Status status;

    private @Nullable String rule;

    @SuppressWarnings("UnusedVariable") // a column whose uniqueness is the last word on one incident per episode
    private @Nullable String episode;

    private Instant detectedAt;
    private Instant openedAt;
    private Instant acknowledgeBy;
    private @Nullable Instant acknowledgedAt;
    private @Nullable String acknowledgedBy;
    private @Nullable Instant breachedAt;
    private @Nullable Instant resolvedAt;
    private @Nullable String resolvedBy;
    private @Nullable String resolution;
    private @Nullable Instant closedAt;
    private @Nullable String closedBy;

    @Version
    private long version;

    /** For Hibernate. */
    protected Incident() {}

    /** @param within how soon it must be acknowledged, counted from now: nobody can answer to what is not yet open */
    Incident(Opening opening, long number, Instant now, Duration within) {
        this.id = EventIds.next();
        this.number = number;
        this.application = opening.application();
        this.title = opening.title();
        this.severity = opening.severity();
        this.status = Status.OPEN;
        this.rule = opening.rule();
        this.episode = opening.episode();
        this.detectedAt = opening.detectedAt();
        this.openedAt = now;
        this.acknowledgeBy = now.plus(within);
    }

    IncidentOpened opened() {
        return new IncidentOpened(id.toString(), severity, title, rule, detectedAt, acknowledgeBy);
    }

    /** Somebody takes it. Too late is accepted, and stays on record as a breach. */
    IncidentAcknowledged acknowledge(String by, Instant now) {
        moveTo(Status.ACKNOWLEDGED);
        acknowledgedAt = now;
        acknowledgedBy = by;
        return new IncidentAcknowledged(id.toString(), by, now, !now.isAfter(acknowledgeBy));
    }

    /** Tells, once, that it was not acknowledged in time. */
    Optional<SlaBreached> breach(Instant now) {
        if (breachedAt != null || acknowledgedAt != null || !now.isAfter(acknowledgeBy)) {
            return Optional.empty();
        }
        breachedAt = now;
        return Optional.of(new SlaBreached(id.toString(), severity, ACKNOWLEDGE_CLOCK, acknowledgeBy));
    }

    IncidentResolved resolve(String by, String how, Instant now) {
        moveTo(Status.RESOLVED);
        resolvedAt = now;
        resolvedBy = by;
        resolution = how;
        return new IncidentResolved(id.toString(), by, now, how);
    }

    IncidentClosed close(String by, Instant now) {
        moveTo(Status.CLOSED);
        closedAt = now;
        closedBy = by;
        return new IncidentClosed(id.toString(), by, now);
    }

    private void moveTo(Status next) {
        if (!status.allowed().contains(next)) {
            throw new IllegalTransition(status, next);
        }
        status = next;
    }

    public UUID id() {
        return id;
    }

    /** What people call it by. Numbers may be missing. */
    public long number() {
        return number;
    }

    public String application() {
        return application;
    }

    public String title() {
        return title;
    }

    public Severity severity() {
        return severity;
    }

    public Status status() {
        return status;
    }

    public @Nullable String rule() {
        return rule;
    }

    public Instant detectedAt() {
        return detectedAt;
    }

    public Instant openedAt() {
        return openedAt;
    }

    public Instant acknowledgeBy() {
        return acknowledgeBy;
    }

    public @Nullable Instant acknowledgedAt() {
        return acknowledgedAt;
    }

    public @Nullable String acknowledgedBy() {
        return acknowledgedBy;
    }

    /** Whether it was acknowledged in time; null as long as that is open. */
    public @Nullable Boolean inTime() {
        if (breachedAt != null) {
            return false;
        }
        return acknowledgedAt == null ? null : !acknowledgedAt.isAfter(acknowledgeBy);
    }

    /** When it was noticed that nobody had acknowledged in time. */
    public @Nullable Instant breachedAt() {
        return breachedAt;
    }

    public @Nullable Instant resolvedAt() {
        return resolvedAt;
    }

    public @Nullable String resolvedBy() {
        return resolvedBy;
    }

    public @Nullable String resolution() {
        return resolution;
    }

    public @Nullable Instant closedAt() {
        return closedAt;
    }

    public @Nullable String closedBy() {
        return closedBy;
    }

    /** Grows with every change. */
    public long version() {
        return version;
    }
}
