package io.bulwark.ratelimit.replica;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

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
    private final Duration interval;
    private final Function<Occasion, byte @Nullable []> next;
    private final LongAdder batches = new LongAdder();
    private final LongAdder failures = new LongAdder();
    private final Thread thread =
            Thread.ofPlatform().name("tell-usage").daemon().unstarted(this::run);
    private BooleanSupplier mayTell = () -> false;
    private volatile boolean stopping;
    private volatile boolean killed;

    /** Why a batch is asked for. */
    enum Occasion {
        /** There may be something new. */
        CHANGES,
        /** That this one lives has to be said in any case. */
        HEARTBEAT,
        /** It is the last. */
        FAREWELL
    }

    /** @param next gives what is to be told; null, which only changes may be, for nothing */
    UsageTeller(
            Map<String, Object> kafka, String topic, Duration interval, Function<Occasion, byte @Nullable []> next) {
        this.kafka = new HashMap<>(kafka);
        this.kafka.put(ProducerConfig.CLIENT_ID_CONFIG, "tell-" + topic);
        this.kafka.put(ProducerConfig.ACKS_CONFIG, "all");
        this.kafka.put(ProducerConfig.LINGER_MS_CONFIG, 0);
        this.topic = topic;
        this.interval = interval;
        this.next = next;
    }

    /** Tells nothing before it may. */
    void start(BooleanSupplier may) {
        mayTell = may;
        thread.start();
    }

    /** There is something that others wait for. */
    void hurry() {
        LockSupport.unpark(thread);
    }

    long batches() {
        return batches.sum();
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
        while (!mayTell.getAsBoolean() && !stopping) {
            LockSupport.parkNanos(interval.toNanos());
        }
        try (var producer = new KafkaProducer<>(kafka, new ByteArraySerializer(), new ByteArraySerializer())) {
            tell(producer);
        } catch (InterruptedException | InterruptException e) {
            LOG.debug("Interrupted, nothing more is told");
        }
    }

    private void tell(KafkaProducer<byte[], byte[]> producer) throws InterruptedException {
        var last = System.nanoTime() - HEARTBEAT;
        while (!stopping) {
            var now = System.nanoTime();
            var batch = next.apply(now - last >= HEARTBEAT ? Occasion.HEARTBEAT : Occasion.CHANGES);
            if (batch != null) {
                last = now;
                send(producer, batch);
            }
            LockSupport.parkNanos(now + interval.toNanos() - System.nanoTime());
        }
        var farewell = killed || !mayTell.getAsBoolean() ? null : next.apply(Occasion.FAREWELL);
        if (farewell != null) {
            send(producer, farewell);
        }
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
