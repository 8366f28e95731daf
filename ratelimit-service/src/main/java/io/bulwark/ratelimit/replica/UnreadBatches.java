package io.bulwark.ratelimit.replica;

import io.bulwark.ratelimit.limit.Usage;
import io.bulwark.ratelimit.replica.UsageBatch.UnreadableBatch;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jboss.logging.Logger;

/** What this replica has told and not read back yet. */
final class UnreadBatches {
    private static final Logger LOG = Logger.getLogger(UnreadBatches.class);

    private final Deque<Batch> batches = new ArrayDeque<>();
    private long logsRead;

    private record Batch(long sequence, byte[] bytes, long logsUpTo) {}

    /** @param logsUpTo when it was gathered; 0 where it had no room for what every log had to tell */
    void told(long sequence, byte[] bytes, long logsUpTo) {
        batches.add(new Batch(sequence, bytes, logsUpTo));
    }

    void read(long sequence) {
        while (!batches.isEmpty() && batches.peekFirst().sequence() <= sequence) {
            logsRead = Math.max(logsRead, batches.removeFirst().logsUpTo());
        }
    }

    /** Up to when all that was admitted here by logs has been read. */
    long logsRead() {
        return logsRead;
    }

    /** Nanoseconds of charge by key, keys in unsigned order. */
    SortedMap<Long, Long> charges() {
        var charges = new TreeMap<Long, Long>(Long::compareUnsigned);
        for (var batch : batches) {
            var bytes = ByteBuffer.wrap(batch.bytes());
            try {
                UsageBatch.head(bytes);
                UsageBatch.tell(bytes, new Charges(charges));
            } catch (UnreadableBatch e) {
                LOG.errorf("Usage that was told here cannot be read: %s", e.getMessage()); // the others cannot either
            }
        }
        return charges;
    }

    private record Charges(SortedMap<Long, Long> sums) implements Usage {
        @Override
        public void consumed(long key, long charge) {
            sums.merge(key, charge, Long::sum);
        }

        @Override
        public void standing(long key, long arrival) {
            // says nothing new
        }

        @Override
        public void reset(long key) {
            sums.remove(key);
        }

        @Override
        public void logged(long limit, int quota, long windowNanos, long key, long[] times, int count) {
            // logs keep what is their own apart
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean isHalfFull() {
            return false;
        }
    }
}
