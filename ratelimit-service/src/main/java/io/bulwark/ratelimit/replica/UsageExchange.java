package io.bulwark.ratelimit.replica;

import io.bulwark.kit.topic.TopicFollower;
import io.bulwark.ratelimit.limit.UsageLedger;
import io.bulwark.ratelimit.replica.UsageBatch.UnreadableBatch;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Tells the other replicas what is counted here, and takes in what they tell. All read the same records in the same order,
 * and begin where the newest says that a reader has to: so a replica that starts knows what was counted before it began.
 */
final class UsageExchange implements AutoCloseable {
    private static final Logger LOG = Logger.getLogger(UsageExchange.class);
    private static final Duration LAST_RECORD = Duration.ofSeconds(10);
    private static final long UNKNOWN = -1;

    private final UsageLedger ledger;
    private final TopicPartition partition;
    private final Peers peers;
    private final long replica = new SecureRandom().nextLong();
    private final TopicFollower follower;
    private final UsageTeller teller;
    private volatile long began = UNKNOWN;
    private volatile long applied = UNKNOWN;
    private volatile long lag;

    UsageExchange(Map<String, Object> kafka, String topic, UsageLedger ledger, ReplicasConfig config) {
        this.ledger = ledger;
        this.partition = new TopicPartition(topic, 0);
        this.peers = new Peers(config.patience());
        this.follower = new TopicFollower(kafka, topic, this::hear);
        this.teller = new UsageTeller(kafka, topic, replica, ledger, config);
    }

    void start() {
        follower.followFrom(this::place);
    }

    /** True once everything is known that was counted before. */
    boolean isCaughtUp() {
        return follower.caughtUp();
    }

    /** Replicas that live, this one among them. */
    int replicas() {
        return 1 + peers.alive(System.nanoTime());
    }

    /** Nanoseconds between the telling of the last own batch and its being read; the others have read it by then, too. */
    long lag() {
        return lag;
    }

    /** The offset that this replica began to read at. */
    long beganAt() {
        return began;
    }

    /** The offset up to which it has read. */
    long read() {
        return applied;
    }

    UsageTeller teller() {
        return teller;
    }

    @Override
    public void close() {
        teller.close();
        follower.close();
    }

    /** As if its process had been killed: nothing more is told, nobody is told so. */
    void kill() {
        teller.kill();
        follower.close();
    }

    private void place(Consumer<?, ?> consumer) {
        if (applied != UNKNOWN) {
            consumer.seek(partition, applied);
            return;
        }
        var from = neededFrom(consumer);
        consumer.seek(partition, from);
        began = from;
        applied = from;
        teller.start(from, () -> applied, follower::caughtUp);
    }

    /** What the newest readable record says; where there is none, the beginning. */
    private long neededFrom(Consumer<?, ?> consumer) {
        var begin = consumer.beginningOffsets(List.of(partition)).get(partition);
        var end = consumer.endOffsets(List.of(partition)).get(partition);
        if (end <= begin) {
            return end;
        }
        consumer.seek(partition, end - 1);
        for (var consumed : consumer.poll(LAST_RECORD)) {
            try {
                return Math.clamp(
                        UsageBatch.head(ByteBuffer.wrap((byte[]) consumed.value()))
                                .neededFrom(),
                        begin,
                        end);
            } catch (UnreadableBatch e) {
                LOG.warnf("The newest usage cannot be read, all of it will be: %s", e.getMessage());
            }
        }
        return begin;
    }

    private void hear(ConsumerRecord<String, byte @Nullable []> consumed) {
        var value = consumed.value();
        try {
            if (value != null) {
                hear(ByteBuffer.wrap(value));
            }
        } catch (UnreadableBatch e) {
            LOG.errorf("Usage at %d cannot be read: %s", consumed.offset(), e.getMessage());
        }
        applied = consumed.offset() + 1;
    }

    private void hear(ByteBuffer bytes) throws UnreadableBatch {
        var head = UsageBatch.head(bytes);
        var age = Math.max(0, ledger.now() - head.sentAt());
        if (head.replica() == replica) {
            lag = age;
            return;
        }
        var recalls = !follower.caughtUp();
        if (peers.heard(head, System.nanoTime() - (recalls ? age : 0))) {
            UsageBatch.tell(bytes, recalls ? ledger.recalling(head.sentAt()) : ledger.hearing(head.sentAt()));
        }
    }
}
