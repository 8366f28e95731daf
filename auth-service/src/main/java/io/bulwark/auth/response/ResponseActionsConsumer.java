package io.bulwark.auth.response;

import io.bulwark.auth.account.Accounts;
import io.bulwark.events.CloudEvent;
import io.bulwark.events.ResponseAction;
import io.bulwark.events.ResponseAction.BlockRequested;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.ResponseOutcome.ActionFailed;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.inbox.Inbox;
import io.bulwark.kit.outbox.Outbox;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Carries out the commands that are for us and answers each with what became of it. */
@ApplicationScoped
class ResponseActionsConsumer {
    private final Inbox inbox;
    private final Accounts accounts;
    private final Outbox outbox;
    private final AuditTrail trail;

    ResponseActionsConsumer(Inbox inbox, Accounts accounts, Outbox outbox, AuditTrail trail) {
        this.inbox = inbox;
        this.accounts = accounts;
        this.outbox = outbox;
        this.trail = trail;
    }

    @Incoming("response-actions")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consume(batch, ResponseAction.class, this::carryOut);
    }

    private void carryOut(CloudEvent<ResponseAction> event) {
        switch (event.data()) {
            case SessionEndRequested request -> endSessions(request, event.application());
            case BlockRequested request -> {
                // ratelimit-service answers it.
            }
        }
    }

    private void endSessions(SessionEndRequested request, String application) {
        var user = userId(request.target()).flatMap(accounts::find);
        if (user.isEmpty()) {
            outbox.publish(new ActionFailed(request.commandId(), request.incidentId(), "No such user"), application);
            return;
        }
        var ended = accounts.endAccess(user.get().id(), request.reason());
        trail.record(
                request.requestedBy(),
                "user.end-sessions",
                request.target(),
                Map.of("incident", request.incidentId(), "command", request.commandId(), "reason", request.reason()),
                application);
        outbox.publish(
                new ActionDone(
                        request.commandId(),
                        request.incidentId(),
                        "Ended %d sessions of %s".formatted(ended, user.get().email())),
                application);
    }

    private static Optional<UUID> userId(String target) {
        try {
            return Optional.of(UUID.fromString(target));
        } catch (IllegalArgumentException e) {
            return Optional.empty();
        }
    }
}
