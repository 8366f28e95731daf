package io.bulwark.ratelimit.limit;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What requests came to at one limit, whatever becomes of the others. Counted per stripe, under the lock that a decision holds
 * anyway: an addition that waits for nobody.
 */
public final class LimitTally {
    private static final VarHandle LONGS = MethodHandles.arrayElementVarHandle(long[].class);
    private static final int RESULTS = Result.values().length;

    /** The last fifth of a limit is near it, as in envoyproxy/ratelimit. */
    private static final int NEAR = 5;

    private final long[] counts = new long[RESULTS << Stripes.BITS];

    /** What a request came to. */
    public enum Result {
        WITHIN,
        /** Admitted, but little is left. */
        NEAR,
        OVER,
        /** It would have been refused, but the limit is in shadow. */
        SHADOWED
    }

    /** Whoever calls holds the lock of the claim's key. */
    void count(Claim claim) {
        var at = Stripes.of(claim.key()) * RESULTS + result(claim).ordinal();
        LONGS.setOpaque(counts, at, counts[at] + 1);
    }

    private static Result result(Claim claim) {
        var limit = claim.limit();
        if (claim.isOver()) {
            return limit.shadow() ? Result.SHADOWED : Result.OVER;
        }
        return claim.remaining() < limit.burst() / NEAR ? Result.NEAR : Result.WITHIN;
    }

    /** How many requests came to that. */
    public long sum(Result result) {
        var sum = 0L;
        for (var at = result.ordinal(); at < counts.length; at += RESULTS) {
            sum += (long) LONGS.getOpaque(counts, at);
        }
        return sum;
    }
}
