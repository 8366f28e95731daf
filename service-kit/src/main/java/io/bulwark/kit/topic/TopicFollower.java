package io.bulwark.kit.topic;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.TimeoutException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Reads all partitions of a topic on every replica, without a consumer group, on a thread of its own: for state that is
 * the newest record per key. Records come to the handler one at a time; a tombstone has a null value.
 */
public final class TopicFollower implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(TopicFollower.class);
    private static final Duration POLL = Duration.ofSeconds(1);
    private static final Duration CONTACT_EVERY = Duration.ofSeconds(5);
    private static final Duration CONTACT_TIMEOUT = Duration.ofSeconds(2);

    private final String topic;
    private final Map<String, Object> config;
    private final Consumer<ConsumerRecord<String, byte @Nullable []>> handler;
    private final Thread thread;
    private Runnable beforeFollowing = () -> {};
    private boolean fromEnd;
    private @Nullable Consumer<KafkaConsumer<?, ?>> placement;
    private volatile @Nullable KafkaConsumer<String, byte[]> consumer;
    private volatile boolean stopping;
    private volatile boolean caughtUp;
    private volatile long lastContact = System.nanoTime();

    /**
     * @param kafka the broker's address and the credentials
     * @param handler must not throw; what it cannot read it passes over
     */
    public TopicFollower(
            Map<String, Object> kafka, String topic, Consumer<ConsumerRecord<String, byte @Nullable []>> handler) {
        this.topic = topic;
        this.handler = handler;
        config = new HashMap<>(kafka);
        config.put(ConsumerConfig.CLIENT_ID_CONFIG, "follow-" + topic);
        config.put(ConsumerConfig.ISOLATION_LEVEL_CONFIG, "read_committed");
        config.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
        config.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
        config.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
        config.remove(ConsumerConfig.GROUP_ID_CONFIG);
        thread = Thread.ofPlatform().name("follow-" + topic).daemon().unstarted(this::run);
    }

    /** Follows from the first record on. */
    public void followFromBeginning() {
        thread.start();
    }

    /**
     * Notes where the topic ends, runs {@code load}, then follows from there, so that what was written while loading is
     * not missed. Both happen on the follower's thread and are tried again until they succeed.
     *
     * @param load reads the state up to now from where it is owned
     */
    public void followAfter(Runnable load) {
        beforeFollowing = load;
        fromEnd = true;
        thread.start();
    }

    /**
     * Follows from where {@code place} puts the consumer, each time that it has been made anew.
     *
     * @param place seeks in every partition it is assigned; what it throws is tried again
     */
    public void followFrom(Consumer<KafkaConsumer<?, ?>> place) {
        placement = place;
        thread.start();
    }

    /** True once everything that stood in the topic at the start has been handled. */
    public boolean caughtUp() {
        return caughtUp;
    }

    /** How long the broker has not been heard of; below a few seconds while all is well. */
    public Duration silence() {
        return Duration.ofNanos(System.nanoTime() - lastContact);
    }

    /** Whether the broker has not been heard of for longer than it takes while all is well. */
    public boolean isSilent() {
        return silence().compareTo(CONTACT_EVERY.multipliedBy(2)) > 0;
    }

    @Override
    public void close() {
        stopping = true;
        var current = consumer;
        if (current != null) {
            current.wakeup();
        }
    }

    private void run() {
        while (!stopping) {
            try (var fresh = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
                consumer = fresh;
                follow(fresh);
            } catch (WakeupException e) {
                LOG.debugf("Following %s was interrupted", topic);
            } catch (KafkaException e) {
                LOG.warnf("Following %s: %s; trying again", topic, e.getMessage());
                pause();
            } catch (RuntimeException e) {
                LOG.warnf(e, "Following %s failed; trying again", topic);
                pause();
            }
        }
    }

    private void follow(KafkaConsumer<String, byte[]> fresh) {
        var partitions = fresh.partitionsFor(topic, CONTACT_TIMEOUT.multipliedBy(5)).stream()
                .map(info -> new TopicPartition(topic, info.partition()))
                .toList();
        fresh.assign(partitions);
        var ends = fresh.endOffsets(partitions);
        lastContact = System.nanoTime();
        beforeFollowing.run();
        if (fromEnd) {
            ends.forEach(fresh::seek);
            caughtUp = true;
        } else if (placement != null) {
            placement.accept(fresh);
        } else {
            fresh.seekToBeginning(partitions);
        }
        while (!stopping) {
            if (!caughtUp) {
                caughtUp = ends.entrySet().stream().allMatch(end -> fresh.position(end.getKey()) >= end.getValue());
            }
            for (var consumed : fresh.poll(POLL)) {
                handler.accept(consumed);
                lastContact = System.nanoTime();
            }
            keepContact(fresh, partitions);
        }
    }

    private void keepContact(KafkaConsumer<String, byte[]> fresh, List<TopicPartition> partitions) {
        if (silence().compareTo(CONTACT_EVERY) < 0) {
            return;
        }
        try {
            fresh.endOffsets(partitions, CONTACT_TIMEOUT);
            lastContact = System.nanoTime();
        } catch (TimeoutException e) {
            LOG.warnf("Kafka has not answered for %d s", silence().toSeconds());
        }
    }

    private static void pause() {
        LockSupport.parkNanos(Duration.ofSeconds(1).toNanos());
    }
}
