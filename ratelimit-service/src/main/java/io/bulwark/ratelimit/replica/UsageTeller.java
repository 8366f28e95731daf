package io.bulwark.ratelimit.replica;

import io.bulwark.ratelimit.limit.UsageLedger;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;

/**
 * Tells the other replicas what is counted here, on a thread of its own: one batch at a time, which the broker has before
 * the next is written. While it does not answer, counts gather in their cells and are told together later.
 */
final class UsageTeller implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(UsageTeller.class);
    private static final long HEARTBEAT = TimeUnit.SECONDS.toNanos(1);
    private static final long PAUSE = TimeUnit.SECONDS.toNanos(1);
    private static final long FAREWELL_MILLIS = 3_000;

    private final Map<String, Object> kafka;
    private final String topic;
    private final long replica;
    private final UsageLedger ledger;
    private final ReplicasConfig config;
    private final UsageWriter writer = new UsageWriter();
    private final LongAdder batches = new LongAdder();
    private final LongAdder entries = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Thread thread =
            Thread.ofPlatform().name("tell-usage").daemon().unstarted(this::run);
    private volatile boolean stopping;
    private volatile boolean killed;
    private long began;
    private LongSupplier applied = () -> 0;
    private BooleanSupplier ready = () -> false;
    private long sequence;

    UsageTeller(Map<String, Object> kafka, String topic, long replica, UsageLedger ledger, ReplicasConfig config) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(ProducerConfig.CLIENT_ID_CONFIG, "tell-" + topic);
        this.kafka.put(ProducerConfig.ACKS_CONFIG, "all");
        this.kafka.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.topic = topic;
        this.replica = replica;
        this.ledger = ledger;
        this.config = config;
    }

    /**
     * @param from the offset from which on the topic has been read
     * @param read up to which offset it has been by now
     * @param caughtUp nothing is told before
     */
    void start(long from, LongSupplier read, BooleanSupplier caughtUp) {
        began = from;
        applied = read;
        ready = caughtUp;
        thread.start();
    }

    long batches() {
        return batches.sum();
    }

    long entries() {
        return entries.sum();
    }

    long failures() {
        return failures.sum();
    }

    /** Tells the rest and that it was the last. */
    @Override
    public void close() {
        stopping = true;
        LockSupport.unpark(thread);
        try {
            thread.join(FAREWELL_MILLIS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        kill();
    }

    void kill() {
        killed = true;
        stopping = true;
        thread.interrupt();
    }

    private void run() {
        while (!ready.getAsBoolean() && !stopping) {
            LockSupport.parkNanos(config.interval().toNanos());
        }
        try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            tell(producer);
        } catch (InterruptedException | org.apache.kafka.common.errors.InterruptException e) {
            LOG.debug("Interrupted, nothing more is told");
        }
    }

    private void tell(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        var round = new Round(ledger, config.round(), began, System.nanoTime());
        var last = System.nanoTime() - HEARTBEAT;
        while (!stopping) {
            var now = System.nanoTime();
            writer.begin();
            ledger.tellChanges(writer);
            round.tell(writer, applied.getAsLong(), now);
            if (writer.entries() > 0 || now - last >= HEARTBEAT) {
                last = now;
                send(producer, finish(round, false));
            }
            LockSupport.parkNanos(now + config.interval().toNanos() - System.nanoTime());
        }
        if (!killed && ready.getAsBoolean()) {
            writer.begin();
            ledger.tellChanges(writer);
            send(producer, finish(round, true));
        }
    }

    private byte[] finish(Round round, boolean farewell) {
        entries.add(writer.entries());
        sequence++;
        return writer.finish(new UsageBatch(replica, sequence, ledger.now(), round.neededFrom(), farewell));
    }

    /** Until the broker has it: it is counted once, however often it is sent. */
    private void send(KafkaProducer<byte[], byte[]> producer, byte[] batch) throws InterruptedException {
        while (!killed) {
            try {
                producer.send(new ProducerRecord<>(topic, 0, null, batch)).get();
                batches.increment();
                return;
            } catch (ExecutionException | KafkaException e) {
                failures.increment();
                LOG.warnf("Usage cannot be told, trying again: %s", e.getMessage());
                LockSupport.parkNanos(PAUSE);
            }
        }
    }
}
