package io.bulwark.kit.audit;

import io.bulwark.events.AuditEvent.ActionRecorded;
import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Who did what to what, from where. Published through the outbox, in the transaction of what was done. */
@ApplicationScoped
public class AuditTrail {
    private final Outbox outbox;
    private final Caller caller;
    private final ClientAddress address;
    private final CurrentCall call;

    AuditTrail(Outbox outbox, Caller caller, ClientAddress address, CurrentCall call) {
        this.outbox = outbox;
        this.caller = caller;
        this.address = address;
        this.call = call;
    }

    /** Says what the current call is done to. */
    public AuditTrail target(String target) {
        call.target(target);
        return this;
    }

    /** Says whose the target is; the suite's own unless said. */
    public AuditTrail application(String application) {
        call.application(application);
        return this;
    }

    /** Adds a fact to the current call's entry; never a secret. */
    public AuditTrail detail(String key, String value) {
        call.detail(key, value);
        return this;
    }

    /** Records what happens outside a request: a command carried out, a schedule that ran. */
    public void record(
            String actorId, String action, @Nullable String target, Map<String, String> details, String application) {
        outbox.publish(
                new ActionRecorded(actorId, null, List.of(), action, target, Outcome.ALLOWED, null, details, 1),
                application);
    }

    /** Records a call of somebody whom no token of it names, as at sign-out; its endpoint is not {@link Audited}. */
    public void recordFor(String actorId, @Nullable String actorName, String action, String target) {
        outbox.publish(new ActionRecorded(
                actorId,
                actorName,
                List.of(),
                action,
                target,
                Outcome.ALLOWED,
                address.current().toString(),
                Map.of(),
                1));
    }

    void recordCall(String action) {
        var entry = new ActionRecorded(
                caller.id(),
                caller.name(),
                caller.roles(),
                action,
                call.target(),
                Outcome.ALLOWED,
                address.current().toString(),
                call.details(),
                1);
        outbox.publish(entry, call.application());
    }
}
