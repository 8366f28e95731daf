package io.bulwark.incident.containment;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.events.EventIds;
import io.bulwark.events.ResponseAction;
import io.bulwark.events.ResponseAction.BlockRequested;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** An order given from an incident, and what became of it. */
@Entity
@Table(name = "containment_action")
class Action {
    /** What can be ordered. */
    enum Type {
        @JsonProperty("block")
        BLOCK,
        @JsonProperty("end-sessions")
        END_SESSIONS
    }

    /** The first outcome counts. */
    enum State {
        @JsonProperty("requested")
        REQUESTED,
        @JsonProperty("done")
        DONE,
        @JsonProperty("failed")
        FAILED
    }

    @Id
    private UUID commandId;

    private UUID incidentId;

    @Enumerated(EnumType.STRING)
    private Type type;

    private String target;
    private @Nullable String duration;
    private String reason;
    private String requestedBy;
    private Instant requestedAt;

    @Enumerated(EnumType.STRING)
    private State state;

    private @Nullable String outcome;
    private @Nullable Instant finishedAt;

    /** For Hibernate. */
    protected Action() {}

    private Action(UUID incidentId, Type type, Order order, @Nullable Duration duration, String by, Instant now) {
        this.commandId = EventIds.next();
        this.incidentId = incidentId;
        this.type = type;
        this.target = order.target();
        this.duration = duration == null ? null : duration.toString();
        this.reason = order.reason();
        this.requestedBy = by;
        this.requestedAt = now;
        this.state = State.REQUESTED;
    }

    /** To whom and why. */
    record Order(String target, String reason) {}

    static Action block(UUID incidentId, Order order, Duration duration, String by, Instant now) {
        return new Action(incidentId, Type.BLOCK, order, duration, by, now);
    }

    static Action endSessions(UUID incidentId, Order order, String by, Instant now) {
        return new Action(incidentId, Type.END_SESSIONS, order, null, by, now);
    }

    /** The command that carries it to the service that can do it. */
    ResponseAction command() {
        var command = commandId.toString();
        var incident = incidentId.toString();
        return switch (type) {
            case BLOCK ->
                new BlockRequested(
                        command, incident, target, Duration.parse(duration), reason, requestedBy, requestedAt);
            case END_SESSIONS -> new SessionEndRequested(command, incident, target, reason, requestedBy, requestedAt);
        };
    }

    /** @return false where an outcome is already known */
    boolean finish(State state, String outcome, Instant at) {
        if (this.state != State.REQUESTED) {
            return false;
        }
        this.state = state;
        this.outcome = outcome;
        this.finishedAt = at;
        return true;
    }

    /** One line that says what was ordered. */
    String sentence() {
        return switch (type) {
            case BLOCK -> "Block " + target + " for " + duration;
            case END_SESSIONS -> "End all sessions of user " + target;
        };
    }

    UUID commandId() {
        return commandId;
    }

    UUID incidentId() {
        return incidentId;
    }

    Type type() {
        return type;
    }

    String target() {
        return target;
    }

    @Nullable
    Duration duration() {
        return duration == null ? null : Duration.parse(duration);
    }

    String reason() {
        return reason;
    }

    String requestedBy() {
        return requestedBy;
    }

    Instant requestedAt() {
        return requestedAt;
    }

    State state() {
        return state;
    }

    @Nullable
    String outcome() {
        return outcome;
    }

    @Nullable
    Instant finishedAt() {
        return finishedAt;
    }
}
