package io.bulwark.ratelimit.decision;

import io.bulwark.ratelimit.limit.Limit;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/**
 * Who is refused though the limit itself is not over, for this replica's share of it is used up, or the room that many keys
 * have together. Such a client is over the limit only once it has been refused more often within the window than the limit
 * admits at all.
 *
 * @param <K> whom
 */
final class RefusedShares<K> {
    private static final int MOST = 4_096;
    private static final long SWEEP_MILLIS = 1_000;

    private final Map<K, Refused> refused = new ConcurrentHashMap<>();
    private volatile long sweptMillis;

    private record Refused(long count, long untilMillis) {}

    /**
     * Counts a refusal; where there is no room for more clients, it counts for nothing.
     *
     * @return whether that is one more than the limit
     */
    boolean isOver(K client, Limit limit, long nowMillis) {
        if (refused.size() >= MOST && !refused.containsKey(client)) {
            sweep(nowMillis);
            if (refused.size() >= MOST) {
                return false;
            }
        }
        var window = TimeUnit.NANOSECONDS.toMillis(limit.windowNanos());
        var counted = refused.compute(
                client,
                (key, known) -> known == null || known.untilMillis() <= nowMillis
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
