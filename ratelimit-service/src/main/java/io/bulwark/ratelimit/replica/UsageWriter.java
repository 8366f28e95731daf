package io.bulwark.ratelimit.replica;

import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Usage;
import java.nio.ByteBuffer;

/** Writes a batch, of a bounded size. For one thread; used again for the next. */
final class UsageWriter implements Usage {
    /** Bytes of a batch at most: 15,000 keys. */
    static final int MOST = 256 << 10;

    private static final int LARGEST_ENTRY = 2 + 3 * Long.BYTES + Integer.BYTES + Long.BYTES * (int) Limit.LOG_LARGEST;
    private static final int KEYS = 64;

    private final ByteBuffer bytes = ByteBuffer.allocate(MOST);
    private int entries;

    /** Makes room for the next one. */
    void begin() {
        bytes.clear().position(UsageBatch.HEAD);
        entries = 0;
    }

    int entries() {
        return entries;
    }

    /** Bytes so far. */
    int size() {
        return bytes.position();
    }

    byte[] finish(UsageBatch head) {
        var length = bytes.position();
        head.write(bytes.duplicate().position(0)); // how full it is can be asked until the next begins
        var whole = new byte[length];
        bytes.get(0, whole);
        return whole;
    }

    @Override
    public void consumed(long key, long charge) {
        entry(UsageBatch.CONSUMED).putLong(key).putLong(charge);
    }

    @Override
    public void standing(long key, long arrival) {
        entry(UsageBatch.STANDING).putLong(key).putLong(arrival);
    }

    @Override
    public void reset(long key) {
        entry(UsageBatch.RESET).putLong(key);
    }

    @Override
    public void logged(long limit, int quota, long windowNanos, long key, long[] times, int count) {
        entry(UsageBatch.LOGGED)
                .putLong(limit)
                .putInt(quota)
                .putLong(windowNanos)
                .putLong(key);
        bytes.put((byte) count);
        for (var i = 0; i < count; i++) {
            bytes.putLong(times[i]);
        }
    }

    @Override
    public boolean isFull() {
        return bytes.remaining() < KEYS * LARGEST_ENTRY;
    }

    @Override
    public boolean isHalfFull() {
        return size() > MOST / 2;
    }

    private ByteBuffer entry(byte kind) {
        entries++;
        return bytes.put(kind);
    }
}
