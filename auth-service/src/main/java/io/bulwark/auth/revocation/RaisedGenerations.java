package io.bulwark.auth.revocation;

import io.bulwark.kit.access.Revocations;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/**
 * Raises our counters to the topic's once the topic has been read: after a restore they may stand lower, and tokens
 * issued under them would be refused everywhere. Not ready before that.
 */
@Readiness
@ApplicationScoped
class RaisedGenerations implements HealthCheck {
    private final Revocations topic;
    private final RevocationLedger ledger;
    private volatile boolean raised;

    RaisedGenerations(Revocations topic, RevocationLedger ledger) {
        this.topic = topic;
        this.ledger = ledger;
    }

    @Scheduled(every = "1s", skipExecutionIf = ApplicationNotRunning.class)
    void raise() {
        if (raised || !topic.isCaughtUp()) {
            return;
        }
        QuarkusTransaction.requiringNew().run(() -> {
            ledger.raiseAllTo(topic.generationOfAll());
            topic.generationsOfClients().forEach(ledger::raiseClientTo);
            topic.generationsOfUsers().forEach(ledger::raiseUserTo);
        });
        raised = true;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("generations raised").status(raised).build();
    }
}
