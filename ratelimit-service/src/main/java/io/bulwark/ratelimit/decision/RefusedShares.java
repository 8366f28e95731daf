package io.bulwark.ratelimit.decision;

import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Who is refused though the limit itself is not over, for this replica's share of it is used up, or the room that many keys
 * have together. Such a client is over the limit only once it has been refused more often within the window than the limit
 * admits at all: by what the limit counts, for many may share an address.
 */
final class RefusedShares {
    private static final int MOST = 4_096;
    private static final long SWEEP_MILLIS = 1_000;

    private final Map<Long, Refused> refused = new ConcurrentHashMap<>();
    private volatile long sweptMillis;

    private record Refused(long count, long untilMillis) {}

    /**
     * Counts that these claims were refused, and says which of their limits is over, of several the one with the shortest
     * window; those in shadow are not meant.
     *
     * @param meant what of their limits is, too
     * @return null where none is over
     */
    @Nullable
    Limit over(Claims claims, Predicate<Limit> meant, long nowMillis) {
        Limit shortest = null;
        for (var i = 0; i < claims.size(); i++) {
            var claim = claims.get(i);
            var limit = claim.limit();
            if (claim.isOver() && !limit.shadow() && meant.test(limit)) {
                var isOver = claim.isExceeded() || isOver(claim.key(), limit, nowMillis);
                if (isOver && (shortest == null || limit.windowNanos() < shortest.windowNanos())) {
                    shortest = limit;
                }
            }
        }
        return shortest;
    }

    /** Where there is no room for more keys, it counts for nothing. */
    private boolean isOver(long key, Limit limit, long nowMillis) {
        if (refused.size() >= MOST && !refused.containsKey(key)) {
            sweep(nowMillis);
            if (refused.size() >= MOST) {
                return false;
            }
        }
        var window = TimeUnit.NANOSECONDS.toMillis(limit.windowNanos());
        var counted = refused.compute(
                key,
                (same, known) -> known == null || known.untilMillis() <= nowMillis
                        ? new Refused(1, nowMillis + window)
                        : new Refused(known.count() + 1, known.untilMillis()));
        return counted.count() > limit.quota();
    }

    private void sweep(long nowMillis) {
        if (nowMillis - sweptMillis >= SWEEP_MILLIS) {
            sweptMillis = nowMillis;
            refused.values().removeIf(known -> known.untilMillis() <= nowMillis);
        }
    }
}
