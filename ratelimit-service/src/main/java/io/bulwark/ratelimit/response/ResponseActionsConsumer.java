package io.bulwark.ratelimit.response;

import io.bulwark.events.ResponseAction;
import io.bulwark.events.ResponseAction.BlockRequested;
import io.bulwark.events.ResponseAction.SessionEndRequested;
import io.bulwark.kit.inbox.Inbox;
import io.bulwark.ratelimit.rule.RuleFeed;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes the commands that are for this service. */
@ApplicationScoped
class ResponseActionsConsumer {
    private final Inbox inbox;
    private final RequestedBlocks requests;
    private final RuleFeed rules;

    ResponseActionsConsumer(Inbox inbox, RequestedBlocks requests, RuleFeed rules) {
        this.inbox = inbox;
        this.requests = requests;
        this.rules = rules;
    }

    @Incoming("response-actions")
    @Blocking
    void on(ConsumerRecords<String, byte[]> batch) {
        rules.awaitLoaded(); // the allowlist is one of them
        inbox.consume(batch, ResponseAction.class, event -> {
            switch (event.data()) {
                case BlockRequested requested -> requests.carryOut(requested, event.application());
                case SessionEndRequested ignored -> {} // auth-service's
            }
        });
    }
}
