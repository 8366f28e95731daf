package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.time.Instant;

/** A command of an incident's responder to the service that can do it, keyed by its target. */
public sealed interface ResponseAction extends SuiteEvent {
    /** Identifies the command; its outcomes carry it. */
    String commandId();

    String incidentId();

    String target();

    @Override
    default Topic topic() {
        return Topic.RESPONSE_ACTIONS;
    }

    @Override
    default String key() {
        return target();
    }

    /** ratelimit-service: refuse this address or network, behind the gateways of the event's application. */
    @EventType("io.bulwark.response.block-requested.v1")
    record BlockRequested(
            String commandId,
            String incidentId,
            String target,
            Duration duration,
            String reason,
            String requestedBy,
            Instant requestedAt)
            implements ResponseAction {
        public BlockRequested {
            requireNonNull(commandId, "commandId");
            requireNonNull(incidentId, "incidentId");
            requireNonNull(target, "target");
            requireNonNull(duration, "duration");
            requireNonNull(reason, "reason");
            requireNonNull(requestedBy, "requestedBy");
            requireNonNull(requestedAt, "requestedAt");
        }
    }

    /** auth-service: end every session of this user (target: user id), refresh and access tokens included. */
    @EventType("io.bulwark.response.session-end-requested.v1")
    record SessionEndRequested(
            String commandId, String incidentId, String target, String reason, String requestedBy, Instant requestedAt)
            implements ResponseAction {
        public SessionEndRequested {
            requireNonNull(commandId, "commandId");
            requireNonNull(incidentId, "incidentId");
            requireNonNull(target, "target");
            requireNonNull(reason, "reason");
            requireNonNull(requestedBy, "requestedBy");
            requireNonNull(requestedAt, "requestedAt");
        }
    }
}
