package io.bulwark.incident.containment;

import io.bulwark.events.ResponseOutcome;
import io.bulwark.events.ResponseOutcome.ActionDone;
import io.bulwark.events.ResponseOutcome.ActionFailed;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.reactive.messaging.annotations.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Brings outcomes back to the timeline of the incident they were ordered from. */
@ApplicationScoped
class OutcomesConsumer {
    private final Inbox inbox;
    private final Actions actions;

    OutcomesConsumer(Inbox inbox, Actions actions) {
        this.inbox = inbox;
        this.actions = actions;
    }

    @Incoming("response-outcomes")
    @Blocking
    public void on(ConsumerRecords<String, byte[]> batch) {
        inbox.consume(batch, ResponseOutcome.class, event -> {
            var by = event.source().substring(event.source().lastIndexOf('/') + 1);
            switch (event.data()) {
                case ActionDone done ->
                    actions.finish(done.commandId(), Action.State.DONE, done.detail(), by, event.time());
                case ActionFailed failed ->
                    actions.finish(failed.commandId(), Action.State.FAILED, failed.reason(), by, event.time());
            }
        });
    }
}
