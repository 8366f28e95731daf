package io.bulwark.incident.clock;

import io.bulwark.incident.incident.Incidents;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ConcurrentExecution;
import jakarta.enterprise.context.ApplicationScoped;

/** Looks for clocks that have run out; after an outage it finds what ran out meanwhile. */
@ApplicationScoped
class BreachCheck {
    private static final int BATCH = 100;

    private final Incidents incidents;

    BreachCheck(Incidents incidents) {
        this.incidents = incidents;
    }

    @Scheduled(
            every = "${bulwark.incident.acknowledge.check-every:PT1S}",
            concurrentExecution = ConcurrentExecution.SKIP,
            skipExecutionIf = Scheduled.ApplicationNotRunning.class)
    void check() {
        int noted;
        do {
            noted = QuarkusTransaction.requiringNew().call(() -> incidents.noteBreaches(BATCH));
        } while (noted == BATCH);
    }
}
