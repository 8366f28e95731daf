package io.bulwark.ratelimit.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * Locks by the first bits of a key, held for the dozens of nanoseconds that a decision takes: too short to park for.
 * Several are taken in ascending order.
 */
final class Stripes {
    static final int BITS = 8;

    private static final VarHandle LOCK = MethodHandles.arrayElementVarHandle(int[].class);
    private static final int APART = 16; // a cache line each
    private static final int SPINS = 64;

    private final int[] locks = new int[APART << BITS];

    static int of(long key) {
        return (int) (key >>> Long.SIZE - BITS);
    }

    void lock(int stripe) {
        for (var tries = 0; !LOCK.compareAndSet(locks, stripe * APART, 0, 1); tries++) {
            if (tries < SPINS) {
                Thread.onSpinWait();
            } else {
                Thread.yield(); // its holder has lost its core
            }
        }
    }

    void unlock(int stripe) {
        LOCK.setRelease(locks, stripe * APART, 0);
    }
}
