package io.bulwark.events;

import static java.util.Objects.requireNonNull;

/** What became of a command, keyed by its id. */
public sealed interface ResponseOutcome extends SuiteEvent {
    String commandId();

    String incidentId();

    @Override
    default Topic topic() {
        return Topic.RESPONSE_OUTCOMES;
    }

    @Override
    default String key() {
        return commandId();
    }

    /** @param detail one line for the incident's timeline */
    @EventType("io.bulwark.response.done.v1")
    record ActionDone(String commandId, String incidentId, String detail) implements ResponseOutcome {
        public ActionDone {
            requireNonNull(commandId, "commandId");
            requireNonNull(incidentId, "incidentId");
            requireNonNull(detail, "detail");
        }
    }

    /** It was refused or cannot be done; trying again will not help. */
    @EventType("io.bulwark.response.failed.v1")
    record ActionFailed(String commandId, String incidentId, String reason) implements ResponseOutcome {
        public ActionFailed {
            requireNonNull(commandId, "commandId");
            requireNonNull(incidentId, "incidentId");
            requireNonNull(reason, "reason");
        }
    }
}
