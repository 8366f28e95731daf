package io.bulwark.ratelimit.limit;

import static java.util.function.Function.identity;
import static java.util.stream.Collectors.toMap;

import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The logs of every limit that is counted by them, each for what its limit was when they were last kept. */
final class LogsByLimit {
    private static final int MOST = 256;

    private final Map<Long, SlidingLogs> logs = new ConcurrentHashMap<>();
    private final Stripes stripes;
    private volatile Map<Long, Limit> limits = Map.of();

    LogsByLimit(Stripes stripes) {
        this.stripes = stripes;
    }

    /** Whoever calls holds the lock of the key that it is about. */
    SlidingLogs of(Limit limit) {
        var known = logs.get(limit.id());
        return known == null
                ? logs.computeIfAbsent(limit.id(), id -> new SlidingLogs(limits.getOrDefault(id, limit), stripes))
                : known;
    }

    /** Of a limit that another replica tells of; null where there is no room for more. Locks as {@link #of(Limit)}. */
    @Nullable
    SlidingLogs of(long limit, int quota, long window) {
        if (logs.size() >= MOST && !logs.containsKey(limit)) {
            return null;
        }
        return logs.computeIfAbsent(limit, id -> {
            var known = limits.get(id);
            return known == null ? new SlidingLogs(id, quota, window, stripes) : new SlidingLogs(known, stripes);
        });
    }

    Collection<SlidingLogs> all() {
        return logs.values();
    }

    /** Forgets all but those of these limits; where one has changed, a log that fits it goes on from the one before. */
    void keep(Collection<Limit> kept, long now) {
        limits = kept.stream().collect(toMap(Limit::id, identity(), (one, other) -> one));
        logs.keySet().retainAll(limits.keySet());
        for (var limit : limits.values()) {
            var log = logs.computeIfPresent(
                    limit.id(), (id, present) -> present.fits(limit) ? present : present.replacedBy(limit));
            if (log != null) {
                log.takeOver(now);
            }
        }
    }

    void forget(long key) {
        all().forEach(log -> log.forget(key));
    }
}
