package io.bulwark.kit.outbox;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.outbox.OutboxTable.Backlog;
import io.bulwark.kit.outbox.OutboxTable.Unsent;
import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.jboss.logging.Logger;

/**
 * Sends what the outbox holds. One relay per service leads, under a session lock of the database; it sends in Kafka
 * transactions under one {@code transactional.id}, so that a relay that lost its lock without noticing is fenced by its
 * successor and cannot send an older state after a newer one.
 */
@ApplicationScoped
class OutboxRelay {
    private static final Logger LOG = Logger.getLogger(OutboxRelay.class);
    private static final int BATCH = 1_000;

    /** Dead letters are as large as a broker takes, and a batch of them is in memory more than once. */
    private static final int BATCH_BYTES = 8 * 1_024 * 1_024;

    private static final Duration POLL = Duration.ofMillis(250);
    private static final Duration LEAD_AGAIN = Duration.ofSeconds(1);
    private static final Duration HOUSEKEEPING = Duration.ofSeconds(5);
    private static final Duration KEEP_SENT = Duration.ofMinutes(10);
    private static final Duration STOP = Duration.ofSeconds(5);

    private final OutboxTable table;
    private final RelayProducer producers;
    private final Semaphore wakeUps = new Semaphore(0);
    private final Thread thread =
            Thread.ofPlatform().name("outbox-relay").daemon().unstarted(this::run);
    private volatile boolean stopping;
    private volatile boolean leading;
    private volatile Backlog backlog = new Backlog(0, 0);

    OutboxRelay(OutboxTable table, RelayProducer producers, MeterRegistry metrics) {
        this.table = table;
        this.producers = producers;
        metrics.gauge("bulwark.outbox.depth", this, relay -> relay.backlog.depth());
        metrics.gauge("bulwark.outbox.age.seconds", this, relay -> relay.backlog.ageSeconds());
    }

    /** True while this replica is the one that sends. */
    boolean isLeading() {
        return leading;
    }

    /** Something was committed. */
    void wake() {
        if (wakeUps.availablePermits() == 0) {
            wakeUps.release();
        }
    }

    void start(@Observes StartupEvent event) {
        thread.start();
    }

    void stop(@Observes ShutdownEvent event) throws InterruptedException {
        stopping = true;
        wake();
        thread.join(STOP);
    }

    private void run() {
        while (!stopping) {
            try (var connection = table.connect()) {
                lead(connection);
            } catch (SQLException | KafkaException e) {
                LOG.warnf("The outbox waits: %s", e.getMessage());
            } catch (RuntimeException | Error e) { // else the thread ends, and no health check knows
                LOG.errorf(e, "The outbox relay failed; it starts again");
            }
            leading = false;
            if (!stopping) {
                LockSupport.parkNanos(LEAD_AGAIN.toNanos());
            }
        }
    }

    private void lead(Connection connection) throws SQLException {
        if (!table.tryLead(connection)) {
            return;
        }
        try (var listener = CommitListener.start(table.connect(), table.channel(), this::wake);
                var producer = producers.open()) {
            leading = true;
            var housekeeping = System.nanoTime();
            while (!stopping) {
                if (System.nanoTime() - housekeeping >= 0) {
                    backlog = table.backlog(connection);
                    table.prune(connection, KEEP_SENT);
                    housekeeping = System.nanoTime() + HOUSEKEEPING.toNanos();
                }
                var rows = table.unsent(connection, BATCH, BATCH_BYTES);
                if (rows.isEmpty()) {
                    listener.check();
                    await();
                } else {
                    send(producer, rows);
                    table.markSent(connection, rows);
                }
            }
        } finally {
            leading = false;
            if (!connection.isClosed() && connection.isValid(1)) {
                table.standDown(connection);
            }
        }
    }

    @SuppressWarnings("FutureReturnValueIgnored") // commitTransaction throws where a single send failed
    private static void send(KafkaProducer<byte[], byte[]> producer, List<Unsent> rows) {
        producer.beginTransaction();
        try {
            for (var row : rows) {
                producer.send(toRecord(row), (metadata, failure) -> {});
            }
            producer.commitTransaction();
        } catch (KafkaException e) {
            throw new KafkaException("Kafka did not take a batch of " + rows.size() + ": " + e.getMessage(), e);
        }
    }

    private static ProducerRecord<byte[], byte[]> toRecord(Unsent row) {
        var key = row.key() == null ? null : row.key().getBytes(UTF_8);
        var sent = new ProducerRecord<>(row.topic(), null, row.createdAt(), key, row.value());
        for (var i = 0; i + 1 < row.headers().length; i += 2) {
            sent.headers().add(row.headers()[i], row.headers()[i + 1].getBytes(UTF_8));
        }
        return sent;
    }

    /** Until something is committed, here or elsewhere, or the net's interval has passed. */
    private void await() {
        try {
            wakeUps.tryAcquire(POLL.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            stopping = true;
        }
    }
}
