package io.bulwark.incident.incident;

import io.bulwark.events.IncidentEvent;
import io.bulwark.events.IncidentEvent.IncidentOpened;
import io.bulwark.events.IncidentEvent.Severity;
import io.bulwark.events.IncidentEvent.SlaBreached;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.event.TransactionPhase;

/** Counts what was committed; every series is there from the start, so that its first increase is seen. */
@ApplicationScoped
class IncidentMetrics {
    private final MeterRegistry metrics;

    IncidentMetrics(MeterRegistry metrics) {
        this.metrics = metrics;
    }

    void register(@Observes StartupEvent event) {
        for (var severity : Severity.values()) {
            opened(severity);
            breached(severity);
        }
    }

    void count(@Observes(during = TransactionPhase.AFTER_SUCCESS) IncidentEvent event) {
        switch (event) {
            case IncidentOpened opened -> opened(opened.severity()).increment();
            case SlaBreached breach -> breached(breach.severity()).increment();
            case IncidentEvent.IncidentAcknowledged acknowledged -> {}
            case IncidentEvent.IncidentResolved resolved -> {}
            case IncidentEvent.IncidentClosed closed -> {}
        }
    }

    private Counter opened(Severity severity) {
        return metrics.counter("incidents.opened", "severity", severity.name());
    }

    private Counter breached(Severity severity) {
        return metrics.counter("incidents.sla.breaches", "severity", severity.name());
    }
}
