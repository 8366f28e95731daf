package io.bulwark.backup.run;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.quarkus.scheduler.Scheduled;
import io.quarkus.scheduler.Scheduled.ApplicationNotRunning;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import java.util.List;

/** Figures to alert on: an old success is worse than a failure, for nobody is told of it. */
@ApplicationScoped
class RunMetrics {
    static final String COMPLETED = "completed";
    static final String FAILED = "failed";
    static final String INTERRUPTED = "interrupted";

    private final MeterRegistry registry;
    private final Backups backups;
    private final MultiGauge lastSuccess;

    RunMetrics(MeterRegistry registry, Backups backups) {
        this.registry = registry;
        this.backups = backups;
        List.of(COMPLETED, FAILED, INTERRUPTED).forEach(outcome -> registry.counter("backup.runs", "outcome", outcome));
        lastSuccess = MultiGauge.builder("backup.last.success.timestamp")
                .description("When the newest good backup of a source was taken, in seconds since 1970")
                .register(registry);
    }

    void count(String outcome) {
        registry.counter("backup.runs", "outcome", outcome).increment();
    }

    /** Of registered sources only, whose number is bounded. */
    @Transactional
    @Scheduled(every = "15s", skipExecutionIf = ApplicationNotRunning.class)
    void refresh() {
        var rows = backups.lastSuccesses().entrySet().stream()
                .<MultiGauge.Row<?>>map(success -> MultiGauge.Row.of(
                        Tags.of("source", success.getKey()), success.getValue().getEpochSecond()))
                .toList();
        lastSuccess.register(rows, true);
    }
}
