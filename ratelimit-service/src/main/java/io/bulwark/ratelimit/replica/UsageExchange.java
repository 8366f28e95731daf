package io.bulwark.ratelimit.replica;

import io.bulwark.kit.topic.TopicFollower;
import io.bulwark.ratelimit.limit.UsageLedger;
import io.bulwark.ratelimit.replica.Members.News;
import io.bulwark.ratelimit.replica.UsageBatch.UnreadableBatch;
import io.bulwark.ratelimit.replica.UsageTeller.Occasion;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
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
    private static final int NO_SHARE = -1;

    /** How long one alone gathers: nobody waits for what it tells, but itself after a restart. */
    private static final long ALONE_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

    /** Keys. */
    private static final int LARGE_BATCH = 1_000;

    private final UsageLedger ledger;
    private final TopicPartition partition;
    private final Peers peers = new Peers();
    private final long replica = new SecureRandom().nextLong() | 1; // never 0, which is nobody
    private final Members members;
    private final UnreadBatches unread = new UnreadBatches();
    private final UsageWriter writer = new UsageWriter();
    private final Duration length;
    private final LongAdder entries = new LongAdder();

    /** Held while a batch is taken in, and while one is gathered: it says what had been read before. */
    private final Object turn = new Object();

    private @Nullable Round round;
    private long sequence;
    private long told;
    private boolean hasNews;
    private boolean leaving;
    private volatile int replicas = 1;
    private volatile boolean ready;
    private final TopicFollower follower;
    private final UsageTeller teller;
    private volatile long began = UNKNOWN;
    private volatile long applied = UNKNOWN;
    private volatile long lag;

    UsageExchange(Map<String, Object> kafka, String topic, UsageLedger ledger, ReplicasConfig config) {
        this.ledger = ledger;
        this.partition = new TopicPartition(topic, 0);
        this.members = new Members(replica, config.patience());
        this.length = config.round();
        this.follower = new TopicFollower(kafka, topic, this::hear);
        this.teller = new UsageTeller(kafka, topic, config.interval(), this::next);
    }

    void start() {
        follower.followFrom(this::place);
    }

    /** True once everything is known that was counted before, and the others know of this one. */
    boolean isReady() {
        return ready;
    }

    /** Replicas that live, this one among them. */
    int replicas() {
        return replicas;
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

    /** Keys that were told of. */
    long entries() {
        return entries.sum();
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
        teller.start(follower::caughtUp);
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
            if (!(consumed.value() instanceof byte[] value)) {
                return begin;
            }
            try {
                return Math.clamp(UsageBatch.head(ByteBuffer.wrap(value)).neededFrom(), begin, end);
            } catch (UnreadableBatch e) {
                LOG.warnf("The newest usage cannot be read, all of it will be: %s", e.getMessage());
            }
        }
        return begin;
    }

    private void hear(ConsumerRecord<String, byte @Nullable []> consumed) {
        var value = consumed.value();
        synchronized (turn) {
            try {
                if (value != null) {
                    hear(ByteBuffer.wrap(value), consumed.offset());
                }
            } catch (UnreadableBatch e) {
                LOG.errorf("Usage at %d cannot be read: %s", consumed.offset(), e.getMessage());
            }
            applied = consumed.offset() + 1;
        }
    }

    private void hear(ByteBuffer bytes, long offset) throws UnreadableBatch {
        var head = UsageBatch.head(bytes);
        var age = Math.max(0, ledger.now() - head.sentAt());
        var recalls = !follower.caughtUp();
        try {
            if (head.replica() == replica) {
                lag = age;
                unread.read(head.sequence());
            } else if (peers.isNew(head, System.nanoTime())) {
                UsageBatch.tell(bytes, recalls ? ledger.recalling(head.sentAt()) : ledger.hearing());
            }
        } finally {
            // whatever it tells, all have to agree on who lives
            var had = members.isActive();
            divide(members.heard(head, offset, System.nanoTime() - (recalls ? age : 0)), had);
        }
    }

    private void divide(News news, boolean had) {
        replicas = Math.max(1, members.count());
        var hasShare = members.isActive() && !leaving;
        if (had && !members.isActive()) {
            ledger.split(2, NO_SHARE, unread.logsRead(), unread.charges());
        } else if (hasShare && news == News.AGREED) {
            ledger.split(members.count(), members.position(), unread.logsRead(), unread.charges());
        } else if (hasShare && news == News.CHANGED) {
            ledger.change(members.count(), members.position());
        }
        ready = hasShare; // not before it is divided: until then it would give away the whole
        if (news == News.CHANGED) {
            hasNews = true; // all wait to hear that this has been read
            teller.hurry();
        }
    }

    /** What is to be told now, as the next batch; null for nothing. */
    private byte @Nullable [] next(Occasion occasion) {
        synchronized (turn) {
            var now = System.nanoTime();
            if (occasion == Occasion.CHANGES && canWait(now)) {
                return null;
            }
            var sentAt = ledger.now();
            var standing = round == null ? new Round(ledger, length, began, now) : round;
            round = standing;
            var read = applied;
            var gone = members.silent();
            if (occasion == Occasion.FAREWELL) {
                leaving = true; // whoever comes or goes meanwhile: what it admits from now on, nobody hears of
                if (members.count() > 1) {
                    ledger.split(members.count(), NO_SHARE, unread.logsRead(), unread.charges());
                }
            }
            writer.begin();
            if (occasion != Occasion.FAREWELL) {
                standing.tell(writer, read, now); // first, for changes may fill whatever is left
            }
            var isAlone = members.isActive() && members.count() == 1;
            var areLogsTold = isAlone ? ledger.tellLasting(writer) : ledger.tellChanges(writer);
            if (occasion == Occasion.CHANGES && writer.entries() == 0 && gone == 0 && !hasNews) {
                return null;
            }
            hasNews = false;
            told = now;
            sequence++;
            entries.add(writer.entries());
            var batch = writer.finish(new UsageBatch(
                    replica, sequence, sentAt, standing.neededFrom(), read, gone, occasion == Occasion.FAREWELL));
            unread.told(sequence, batch, areLogsTold ? sentAt : 0);
            return batch;
        }
    }

    /** Not where the last batch may have had no room for all there was, nor where it was so large that it took cores from decisions. */
    private boolean canWait(long now) {
        return members.count() <= 1
                && !hasNews
                && !writer.isHalfFull()
                && writer.entries() < LARGE_BATCH
                && now - told < ALONE_NANOS;
    }
}
