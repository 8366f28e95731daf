package io.bulwark.ratelimit.limit;

import org.jspecify.annotations.Nullable;

/** What a request asks of one limit, and what came of it. */
public final class Claim {
    /** The time until something that will never be possible. */
    public static final long NEVER = Long.MAX_VALUE;

    private final @Nullable Claim before;
    private Limit limit;
    private long key;
    private long cost;
    private boolean owed;
    private boolean lenient;
    private boolean over;
    private boolean exceeded;
    private long arrival;
    private long remaining;
    private long reset;
    private long retry;

    /** @param before what the same request asks before */
    Claim(@Nullable Claim before, Limit limit, long key, long cost) {
        this.before = before;
        this.limit = limit;
        this.key = key;
        this.cost = cost;
    }

    /** From now on it asks for that. */
    void ask(Limit limit, long key, long cost) {
        this.limit = limit;
        this.key = key;
        this.cost = cost;
        owed = false;
        lenient = false;
    }

    /** It is for what was served already: it is charged whatever comes of the request. */
    public void owe() {
        owed = true;
    }

    /** It refuses only together with all others of the request of which this was said. */
    public void beLenient() {
        lenient = true;
    }

    public Limit limit() {
        return limit;
    }

    /** Of whom. */
    public long key() {
        return key;
    }

    /** Whether the limit was over; of a shadow limit, whether it would have refused. */
    public boolean isOver() {
        return over;
    }

    /** Whether the limit itself was over, and not only the part of it that was left to this replica or to a crowd of keys. */
    public boolean isExceeded() {
        return exceeded;
    }

    /** Whether this limit refuses only together with all others that do so. */
    public boolean isLenient() {
        return lenient;
    }

    /** How much more would be admitted now. */
    public long remaining() {
        return remaining;
    }

    /** Nanoseconds until all of it is there again. */
    public long resetNanos() {
        return reset;
    }

    /** Nanoseconds until the same may be admitted; 0 where it was, {@link #NEVER} where it costs more than the burst. */
    public long retryNanos() {
        return retry;
    }

    long cost() {
        return cost;
    }

    boolean isOwed() {
        return owed;
    }

    /** @param after that admitting it would lead to */
    void arrival(long after) {
        arrival = after;
    }

    /** The arrival time after what the request asks of the same key before; the known one where it asks for nothing. */
    long arrivalAfterEarlier(long known) {
        for (var earlier = before; earlier != null; earlier = earlier.before) {
            if (earlier.key == key) {
                return earlier.arrival;
            }
        }
        return known;
    }

    /** How much the request asks of the same key before. */
    int pending() {
        var pending = 0;
        for (var earlier = before; earlier != null; earlier = earlier.before) {
            if (earlier.key == key && !earlier.over) {
                pending += (int) Math.min(earlier.cost, Limit.LOG_LARGEST);
            }
        }
        return pending;
    }

    /** What was refused was charged all the same, and its limit is over for so many nanoseconds more. */
    void delay(long nanos) {
        reset += nanos;
        if (retry != NEVER) {
            retry += nanos;
        }
    }

    void result(boolean isOver, long left, long resetNanos, long retryNanos) {
        over = isOver;
        exceeded = false;
        remaining = left;
        reset = resetNanos;
        retry = retryNanos;
    }

    void retry(long nanos) {
        retry = nanos;
    }

    void exceed() {
        exceeded = true;
    }
}
