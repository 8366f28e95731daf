package io.bulwark.events;

import static java.util.Objects.requireNonNull;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who did what to what, from where, allowed or denied; keyed by the actor. */
public sealed interface AuditEvent extends SuiteEvent {
    @Override
    default Topic topic() {
        return Topic.AUDIT_TRAIL;
    }

    /** What became of the call. */
    enum Outcome {
        ALLOWED,
        DENIED
    }

    /**
     * A privileged or mutating call.
     *
     * @param actorId user or client id, or {@code anonymous}
     * @param actorName the e-mail address or client name as of then
     * @param roles the actor's roles as of then
     * @param action such as {@code block.create}
     * @param target what it was done to, such as {@code 203.0.113.7}
     * @param address where the call came from, in canonical form
     * @param details further facts; never a secret
     * @param count how many equal calls this entry stands for; above 1 for refused ones only
     */
    @EventType("io.bulwark.audit.action-recorded.v1")
    record ActionRecorded(
            String actorId,
            @Nullable String actorName,
            List<String> roles,
            String action,
            @Nullable String target,
            Outcome outcome,
            @Nullable String address,
            Map<String, String> details,
            int count)
            implements AuditEvent {
        public ActionRecorded {
            requireNonNull(actorId, "actorId");
            roles = List.copyOf(roles);
            requireNonNull(action, "action");
            requireNonNull(outcome, "outcome");
            details = Map.copyOf(details);
        }

        @Override
        public String key() {
            return actorId;
        }

        @Override
        public String subject() {
            return target == null ? actorId : target;
        }
    }
}
