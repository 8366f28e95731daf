package io.bulwark.audit.log;

import io.bulwark.audit.log.Log.Appended;
import io.bulwark.events.Topic;
import io.bulwark.kit.inbox.Inbox;
import io.smallrye.common.annotation.Blocking;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.concurrent.atomic.AtomicReference;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.eclipse.microprofile.reactive.messaging.Incoming;

/** Takes in every event of every topic, whatever its type. */
@ApplicationScoped
class AuditConsumer {
    private final Inbox inbox;
    private final Log log;
    private final LogMetrics metrics;

    AuditConsumer(Inbox inbox, Log log, LogMetrics metrics) {
        this.inbox = inbox;
        this.log = log;
        this.metrics = metrics;
    }

    @Incoming("security-events")
    @Blocking
    void onSecurityEvents(ConsumerRecords<String, byte[]> batch) {
        append(Topic.SECURITY_EVENTS, batch);
    }

    @Incoming("ip-blocked")
    @Blocking
    void onBlocks(ConsumerRecords<String, byte[]> batch) {
        append(Topic.IP_BLOCKED, batch);
    }

    @Incoming("decision-rules")
    @Blocking
    void onRules(ConsumerRecords<String, byte[]> batch) {
        append(Topic.DECISION_RULES, batch);
    }

    @Incoming("incidents")
    @Blocking
    void onIncidents(ConsumerRecords<String, byte[]> batch) {
        append(Topic.INCIDENTS, batch);
    }

    @Incoming("response-actions")
    @Blocking
    void onResponseActions(ConsumerRecords<String, byte[]> batch) {
        append(Topic.RESPONSE_ACTIONS, batch);
    }

    @Incoming("response-outcomes")
    @Blocking
    void onResponseOutcomes(ConsumerRecords<String, byte[]> batch) {
        append(Topic.RESPONSE_OUTCOMES, batch);
    }

    @Incoming("backups")
    @Blocking
    void onBackups(ConsumerRecords<String, byte[]> batch) {
        append(Topic.BACKUPS, batch);
    }

    @Incoming("revocations")
    @Blocking
    void onRevocations(ConsumerRecords<String, byte[]> batch) {
        append(Topic.REVOCATIONS, batch);
    }

    @Incoming("audit-trail")
    @Blocking
    void onAuditTrail(ConsumerRecords<String, byte[]> batch) {
        append(Topic.AUDIT_TRAIL, batch);
    }

    private void append(Topic topic, ConsumerRecords<String, byte[]> batch) {
        var appended = new AtomicReference<Appended>();
        inbox.consumeRaw(batch, events -> appended.set(log.append(topic, events)));
        // Counted once, after the commit: the batch may have been tried several times.
        if (appended.get() != null) {
            metrics.count(topic, appended.get());
        }
    }
}
