package io.bulwark.ratelimit.replica;

import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Usage;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;

/**
 * What one replica tells at a time, as bytes: a version, this, then entries of a kind and fixed fields. Big-endian.
 *
 * @param replica who tells: a random number for each start
 * @param sequence counts its batches from 1 on; one that is sent twice is taken in once
 * @param sentAt nanoseconds since 1970, by its clock
 * @param neededFrom the offset from which on the topic tells all that this replica knows
 * @param read the offset up to which it had read the topic before it gathered what this tells
 * @param gone another replica that has said nothing for too long; 0 for none
 * @param farewell it tells nothing more
 */
record UsageBatch(long replica, long sequence, long sentAt, long neededFrom, long read, long gone, boolean farewell) {
    static final byte CONSUMED = 1;
    static final byte STANDING = 2;
    static final byte RESET = 3;
    static final byte LOGGED = 4;

    /** Bytes before the entries. */
    static final int HEAD = 2 + 6 * Long.BYTES;

    private static final byte VERSION = 1;

    /** @throws UnreadableBatch where it is not one, or one of a newer version */
    static UsageBatch head(ByteBuffer bytes) throws UnreadableBatch {
        if (bytes.remaining() < HEAD || bytes.get() != VERSION) {
            throw new UnreadableBatch("It does not begin as one of version " + VERSION);
        }
        var farewell = bytes.get() != 0;
        return new UsageBatch(
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                bytes.getLong(),
                farewell);
    }

    void write(ByteBuffer bytes) {
        bytes.put(VERSION).put((byte) (farewell ? 1 : 0));
        bytes.putLong(replica)
                .putLong(sequence)
                .putLong(sentAt)
                .putLong(neededFrom)
                .putLong(read)
                .putLong(gone);
    }

    /**
     * Tells the entries that follow a head.
     *
     * @return how many there were
     * @throws UnreadableBatch where one makes no sense; those before it have been told
     */
    static int tell(ByteBuffer bytes, Usage to) throws UnreadableBatch {
        var times = new long[(int) Limit.LOG_LARGEST];
        var entries = 0;
        try {
            for (; bytes.hasRemaining(); entries++) {
                switch (bytes.get()) {
                    case CONSUMED -> to.consumed(bytes.getLong(), bytes.getLong());
                    case STANDING -> to.standing(bytes.getLong(), bytes.getLong());
                    case RESET -> to.reset(bytes.getLong());
                    case LOGGED -> logged(bytes, times, to);
                    default -> throw new UnreadableBatch("Its entry " + entries + " is of no known kind");
                }
            }
        } catch (BufferUnderflowException e) {
            throw new UnreadableBatch("It ends within an entry");
        }
        return entries;
    }

    private static void logged(ByteBuffer bytes, long[] times, Usage to) throws UnreadableBatch {
        var limit = bytes.getLong();
        var quota = bytes.getInt();
        var window = bytes.getLong();
        var key = bytes.getLong();
        var count = bytes.get();
        if (quota < 1 || quota > Limit.LOG_LARGEST || window < 1 || count < 0 || count > quota) {
            throw new UnreadableBatch("Its log has impossible bounds");
        }
        for (var i = 0; i < count; i++) {
            times[i] = bytes.getLong();
        }
        to.logged(limit, quota, window, key, times, count);
    }

    /** Bytes that are no batch, or one of a newer version. */
    static final class UnreadableBatch extends Exception {
        private static final long serialVersionUID = 1L;

        UnreadableBatch(String message) {
            super(message, null, false, false);
        }
    }
}
