package io.bulwark.ratelimit.replica;

import static io.bulwark.ratelimit.Api.SOON;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.InternalTopic;
import io.bulwark.localstack.KafkaAccess;
import io.bulwark.localstack.SharedServers;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Limits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** The counters of one replica and its exchange with the others, over the real broker. */
final class Replica implements AutoCloseable {
    private static final KafkaAccess KAFKA =
            SharedServers.acquire(Path.of(System.getProperty("bulwark.root"))).kafka();
    private static final long ORIGIN = TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime();

    /** Shorter than any that can be set: nobody's test is to wait for a round of the usual length. */
    static final Duration SHORT_ROUND = Duration.ofMillis(300);

    private static final AtomicInteger STARTED = new AtomicInteger();
    private static final int MOST_AT_A_TIME = 8;

    private final int number = STARTED.getAndIncrement() % MOST_AT_A_TIME;
    final Limits limits = new Limits(1 << 16, 1, 2, this::ownNow);
    final UsageExchange exchange;

    record Settings(Duration interval, Duration round, Duration patience) implements ReplicasConfig {
        static final Settings USUAL =
                new Settings(Duration.ofMillis(50), Duration.ofSeconds(30), Duration.ofSeconds(20));

        /** For who waits until one that was killed is gone; on a machine that stops for as long, one that lives is too. */
        static final Settings IMPATIENT = new Settings(USUAL.interval(), USUAL.round(), Duration.ofSeconds(3));
    }

    private Replica(String topic, ReplicasConfig settings) {
        exchange = new UsageExchange(KAFKA.adminProperties(), topic, limits.usage(), settings);
    }

    /** An empty topic with the settings of {@link InternalTopic#LIMIT_USAGE}. */
    static String freshTopic() throws Exception {
        var topic = "limit-usage-" + Long.toUnsignedString(new Random().nextLong(), 36);
        try (var admin = KAFKA.admin()) {
            admin.createTopics(List.of(new NewTopic(topic, InternalTopic.PARTITIONS, (short) 1)
                            .configs(InternalTopic.LIMIT_USAGE.settings())))
                    .all()
                    .get();
        }
        return topic;
    }

    /** Writes whatever it is given. */
    static void send(String topic, byte @Nullable [] value) throws Exception {
        try (var producer =
                new KafkaProducer<>(KAFKA.adminProperties(), new ByteArraySerializer(), new ByteArraySerializer())) {
            producer.send(new ProducerRecord<byte[], byte[]>(topic, 0, null, value))
                    .get();
        }
    }

    /** One that knows what was counted before. */
    static Replica started(String topic, ReplicasConfig settings) {
        var replica = new Replica(topic, settings);
        replica.exchange.start();
        await().atMost(SOON).until(replica.exchange::isReady);
        return replica;
    }

    static Replica started(String topic) {
        return started(topic, Settings.USUAL);
    }

    static long now() {
        return ORIGIN + System.nanoTime();
    }

    /** Never the same nanosecond as another's: a log knows an admission by its time. */
    private long ownNow() {
        return now() / MOST_AT_A_TIME * MOST_AT_A_TIME + number;
    }

    boolean ask(Limit limit, long key, long cost) {
        var claims = new Claims();
        claims.add(limit, key, cost);
        return limits.consume(claims);
    }

    long left(Limit limit, long key) {
        var claims = new Claims();
        claims.add(limit, key, 0);
        limits.consume(claims);
        return claims.get(0).remaining();
    }

    /** Where one that starts now begins to read. */
    static long beganAt(String topic, ReplicasConfig settings) {
        try (var replica = started(topic, settings)) {
            return replica.exchange.beganAt();
        }
    }

    /**
     * Returns when all that was counted before has been told, where one batch has room for it: another may have been gathered
     * earlier.
     */
    void awaitTold() {
        var before = exchange.teller().batches();
        await().atMost(SOON).until(() -> exchange.teller().batches() >= before + 2);
    }

    @Override
    public void close() {
        exchange.close();
    }
}
