package io.bulwark.ratelimit.limit;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** So much of something within a window, for each key. Immutable, but for where its requests are tallied. */
public final class Limit {
    /** More than this cannot be remembered one by one. */
    public static final long LOG_LARGEST = 100;

    /** The longest window. */
    public static final Duration LONGEST = Duration.ofDays(366);

    private static final long FNV_OFFSET = 0xcbf29ce484222325L;
    private static final long FNV_PRIME = 0x100000001b3L;

    private final long id;
    private final String name;
    private final long quota;
    private final long usualQuota;
    private final long windowNanos;
    private final long burst;
    private final Algorithm algorithm;
    private final boolean shadow;
    private final boolean penalizes;
    private final long interval;
    private final long tolerance;
    private @Nullable LimitTally tally;
    private volatile @Nullable SlidingLogs logs;

    /**
     * @param id stable for what the limit belongs to and its name ({@link #idOf}): counts go on where it changes
     * @param quota per window; 0 refuses always
     * @param window above zero, at most {@link #LONGEST}
     * @param burst how much may come at once, 1 to the quota or more; the quota for a sliding log
     * @param shadow counts and tells, and never refuses
     * @param penalizes what is refused consumes too: who does not wait waits longer
     * @throws IllegalArgumentException where a value is out of its range
     */
    public Limit(
            long id,
            String name,
            long quota,
            Duration window,
            long burst,
            Algorithm algorithm,
            boolean shadow,
            boolean penalizes) {
        this(id, name, quota, quota, window, burst, algorithm, shadow, penalizes);
    }

    private Limit(
            long id,
            String name,
            long quota,
            long usualQuota,
            Duration window,
            long burst,
            Algorithm algorithm,
            boolean shadow,
            boolean penalizes) {
        if (quota < 0 || burst < 0 || (burst == 0) != (quota == 0)) {
            throw new IllegalArgumentException("A limit's quota and burst are positive, or both 0");
        }
        if (!window.isPositive() || window.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    "A window is longer than zero, and at most " + LONGEST.toDays() + " days");
        }
        if (algorithm == Algorithm.SLIDING_LOG && (quota > LOG_LARGEST || burst != quota)) {
            throw new IllegalArgumentException(
                    "A sliding log holds at most " + LOG_LARGEST + ", and no burst of its own");
        }
        this.id = id;
        this.name = name;
        this.quota = quota;
        this.usualQuota = usualQuota;
        this.windowNanos = window.toNanos();
        this.burst = burst;
        this.algorithm = algorithm;
        this.shadow = shadow;
        this.penalizes = penalizes;
        this.interval = quota == 0 ? windowNanos : Math.max(1, windowNanos / quota);
        this.tolerance = algorithm == Algorithm.SLIDING_LOG ? windowNanos : times(burst, interval);
    }

    /**
     * So much of it, of the same id: what is counted goes on.
     *
     * @param factor above 0; at least one is left of what is not 0
     */
    public Limit times(double factor) {
        if (factor == 1) {
            return this;
        }
        var scaled = new Limit(
                id,
                name,
                scaled(quota, factor),
                usualQuota,
                Duration.ofNanos(windowNanos),
                scaled(burst, factor),
                algorithm,
                shadow,
                penalizes);
        scaled.tally = tally;
        return scaled;
    }

    private static long scaled(long amount, double factor) {
        return amount == 0 ? 0 : Math.max(1, (long) (amount * factor));
    }

    /** The same id for the same names, on every replica and after every start (FNV-1a, 64 bits). */
    public static long idOf(String... names) {
        var hash = FNV_OFFSET;
        for (var name : names) {
            for (var octet : name.getBytes(StandardCharsets.UTF_8)) {
                hash = (hash ^ (octet & 0xFF)) * FNV_PRIME;
            }
            hash *= FNV_PRIME; // a separator, so that "a","bc" is not "ab","c"
        }
        return hash;
    }

    /** The product, or the largest number where it is larger than that: a cost from the wire may be anything. */
    static long times(long one, long other) {
        return Math.multiplyHigh(one, other) == 0 && one * other >= 0 ? one * other : Long.MAX_VALUE;
    }

    public long id() {
        return id;
    }

    public String name() {
        return name;
    }

    public long quota() {
        return quota;
    }

    /** The quota when there is neither more nor less of the limit than usual. */
    long usualQuota() {
        return usualQuota;
    }

    public long windowNanos() {
        return windowNanos;
    }

    public long burst() {
        return burst;
    }

    public Algorithm algorithm() {
        return algorithm;
    }

    public boolean shadow() {
        return shadow;
    }

    public boolean penalizes() {
        return penalizes;
    }

    /** Nanoseconds until one more may come, on average. */
    long interval() {
        return interval;
    }

    /** Nanoseconds that a theoretical arrival time may be ahead of the clock. */
    long tolerance() {
        return tolerance;
    }

    /** From before it is first counted on, its requests are tallied there. */
    public void tally(LimitTally requests) {
        tally = requests;
    }

    @Nullable
    LimitTally tally() {
        return tally;
    }

    /** Where its logs are; found once, so that a decision does not look for them. */
    @Nullable
    SlidingLogs logs() {
        return logs;
    }

    void logs(SlidingLogs found) {
        logs = found;
    }
}
