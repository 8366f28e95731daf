package io.bulwark.ratelimit.limit;

import java.util.Arrays;

/** What one request asks of several limits, and what came of it. For one thread at a time; made once and used again. */
public final class Claims {
    /** More limits than that do not apply to one request. */
    public static final int MOST = 64;

    /** The time until something that will never be possible. */
    public static final long NEVER = Long.MAX_VALUE;

    private static final int FIRST = 8;

    private Limit[] limits = new Limit[FIRST];
    private long[] keys = new long[FIRST];
    private long[] costs = new long[FIRST];
    private long[] states = new long[FIRST];
    private long[] remaining = new long[FIRST];
    private long[] resets = new long[FIRST];
    private long[] retries = new long[FIRST];
    private boolean[] over = new boolean[FIRST];
    private boolean[] exceeded = new boolean[FIRST];
    private boolean[] owed = new boolean[FIRST];
    private boolean[] lenient = new boolean[FIRST];
    private int size;

    public void clear() {
        size = 0;
    }

    /**
     * @param key of whom; from {@link Limits#key}
     * @param cost how much; 0 only looks
     * @throws IllegalArgumentException where there are more than {@link #MOST}, or the cost is negative
     */
    public void add(Limit limit, long key, long cost) {
        if (size == MOST || cost < 0) {
            throw new IllegalArgumentException(
                    "At most " + MOST + " limits apply to one request, at a cost of 0 or more");
        }
        if (size == limits.length) {
            grow();
        }
        limits[size] = limit;
        keys[size] = key;
        costs[size] = cost;
        owed[size] = false;
        lenient[size] = false;
        size++;
    }

    /** As {@link #add}, for what was served already: it is charged whatever comes of the request. */
    public void addOwed(Limit limit, long key, long cost) {
        add(limit, key, cost);
        owed[size - 1] = true;
    }

    /** The last one refuses only together with all others of which this was said. */
    public void makeLenient() {
        lenient[size - 1] = true;
    }

    public int size() {
        return size;
    }

    public Limit limit(int i) {
        return limits[i];
    }

    /** Of whom. */
    public long key(int i) {
        return keys[i];
    }

    /** Whether this limit was over; of a shadow limit, whether it would have refused. */
    public boolean isOver(int i) {
        return over[i];
    }

    /** Whether the limit itself was over, and not only the part of it that was left to this replica or to a crowd of keys. */
    public boolean isExceeded(int i) {
        return exceeded[i];
    }

    /** Whether this limit refuses only together with all others that do so. */
    public boolean isLenient(int i) {
        return lenient[i];
    }

    /** How much more would be admitted now. */
    public long remaining(int i) {
        return remaining[i];
    }

    /** Nanoseconds until all of it is there again. */
    public long resetNanos(int i) {
        return resets[i];
    }

    /** Nanoseconds until the same may be admitted; 0 where it was, {@link #NEVER} where it costs more than the burst. */
    public long retryNanos(int i) {
        return retries[i];
    }

    long cost(int i) {
        return costs[i];
    }

    long state(int i) {
        return states[i];
    }

    void state(int i, long state) {
        states[i] = state;
    }

    boolean isOwed(int i) {
        return owed[i];
    }

    /** What earlier claims of the same request ask of the same key. */
    int pending(int i) {
        var pending = 0;
        for (var j = 0; j < i; j++) {
            if (keys[j] == keys[i] && !over[j]) {
                pending += (int) Math.min(costs[j], Limit.LOG_LARGEST);
            }
        }
        return pending;
    }

    /** What was refused was charged all the same, and its limit is over for so many nanoseconds more. */
    void delay(int i, long nanos) {
        resets[i] += nanos;
        if (retries[i] != NEVER) {
            retries[i] += nanos;
        }
    }

    void result(int i, boolean isOver, long left, long reset, long retry) {
        over[i] = isOver;
        exceeded[i] = false;
        remaining[i] = left;
        resets[i] = reset;
        retries[i] = retry;
    }

    void retry(int i, long nanos) {
        retries[i] = nanos;
    }

    void exceeded(int i) {
        exceeded[i] = true;
    }

    private void grow() {
        var length = 2 * size;
        limits = Arrays.copyOf(limits, length);
        keys = Arrays.copyOf(keys, length);
        costs = Arrays.copyOf(costs, length);
        states = Arrays.copyOf(states, length);
        remaining = Arrays.copyOf(remaining, length);
        resets = Arrays.copyOf(resets, length);
        retries = Arrays.copyOf(retries, length);
        over = Arrays.copyOf(over, length);
        exceeded = Arrays.copyOf(exceeded, length);
        owed = Arrays.copyOf(owed, length);
        lenient = Arrays.copyOf(lenient, length);
    }
}
