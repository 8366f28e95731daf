package io.bulwark.audit.log;

import io.bulwark.events.AuditEvent.Outcome;
import io.bulwark.events.Topic;
import io.bulwark.kit.access.Roles;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.concurrent.atomic.AtomicLong;
import org.jboss.logging.Logger;

/** What the log took in, counted by the replica that appended it. */
@ApplicationScoped
class LogMetrics {
    private static final Logger LOG = Logger.getLogger(LogMetrics.class);

    private final Log log;
    private final MeterRegistry registry;
    private final Counter adminActions;
    private final Counter conflicts;
    private final AtomicLong size = new AtomicLong();

    LogMetrics(Log log, MeterRegistry registry) {
        this.log = log;
        this.registry = registry;
        this.adminActions = Counter.builder("audit.admin.actions")
                .description("Allowed calls of administrators")
                .register(registry);
        this.conflicts = Counter.builder("audit.identity.conflicts")
                .description("Events that contradict what the log holds under their identity")
                .register(registry);
        Gauge.builder("audit.tree.size", size, AtomicLong::get)
                .description("Entries in the log, as of this replica's last append")
                .register(registry);
    }

    void start(@Observes StartupEvent event) throws SQLException {
        try {
            grownTo(log.head().size());
        } catch (LogDamaged e) {
            LOG.error("The service starts nevertheless, so that a verification can name what was changed", e);
        }
    }

    void count(Topic topic, Log.Appended appended) {
        registry.counter("audit.entries", "topic", topic.topicName())
                .increment(appended.entries().size());
        adminActions.increment(
                appended.entries().stream().filter(LogMetrics::isAdminAction).count());
        grownTo(appended.size());
        for (var entry : appended.conflicts()) {
            conflicts.increment();
            LOG.errorf(
                    "Event %s of %s came again on %s with other content; the log keeps the first",
                    entry.columns().eventId(), entry.columns().source(), topic.topicName());
        }
    }

    private void grownTo(long newSize) {
        size.accumulateAndGet(newSize, Math::max);
    }

    private static boolean isAdminAction(Entry entry) {
        var columns = entry.columns();
        return columns.topic().equals(Topic.AUDIT_TRAIL.topicName())
                && columns.roles().contains(Roles.ADMIN)
                && Outcome.ALLOWED.name().equals(columns.outcome());
    }
}
