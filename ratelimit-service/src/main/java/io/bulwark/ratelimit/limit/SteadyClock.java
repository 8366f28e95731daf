package io.bulwark.ratelimit.limit;

import java.time.InstantSource;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Nanoseconds since 1970: the wall clock at the start, and from then on as the monotonic clock goes, so that a step back blocks
 * nobody. A machine that is suspended stops that one: it catches up afterwards, or what other replicas tell of would seem to
 * be of the future, and count for nothing.
 */
final class SteadyClock implements LongSupplier {
    private static final long LOOKS_EVERY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long MOST_BEHIND = TimeUnit.SECONDS.toNanos(1);

    private final InstantSource wall;
    private final LongSupplier monotonic;
    private volatile long origin;
    private volatile long lookedAt;

    SteadyClock(InstantSource wall, LongSupplier monotonic) {
        this.wall = wall;
        this.monotonic = monotonic;
        this.lookedAt = monotonic.getAsLong();
        this.origin = wallNanos() - lookedAt;
    }

    @Override
    public long getAsLong() {
        var passed = monotonic.getAsLong();
        if (passed - lookedAt > LOOKS_EVERY) {
            catchUp(passed);
        }
        return origin + passed;
    }

    private synchronized void catchUp(long passed) {
        lookedAt = passed;
        var behind = wallNanos() - (origin + passed);
        if (behind > MOST_BEHIND) {
            origin += behind;
        }
    }

    private long wallNanos() {
        return TimeUnit.MILLISECONDS.toNanos(wall.millis());
    }
}
