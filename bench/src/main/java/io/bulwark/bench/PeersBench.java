package io.bulwark.bench;

import io.github.bucket4j.Bandwidth;
import io.github.bucket4j.Bucket;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/**
 * What a Java service would use otherwise: bucket4j buckets, and bare counters, in a {@link ConcurrentHashMap} by key. All
 * threads share the map, as they do in a service; each draws its keys itself.
 */
@State(Scope.Benchmark)
public class PeersBench {
    private static final Bandwidth LIMIT = Bandwidth.builder()
            .capacity(1_000_000_000)
            .refillGreedy(1_000_000_000, Duration.ofMinutes(1))
            .build();

    /** One is the hot key. */
    @Param({"1", "1000000"})
    int keys;

    private final ConcurrentHashMap<Long, Bucket> buckets = new ConcurrentHashMap<>();
    private final ConcurrentHashMap<Long, AtomicLong> counters = new ConcurrentHashMap<>();

    /** A thread's own source of keys. */
    @State(Scope.Thread)
    public static class Keys {
        private final SplittableRandom random = new SplittableRandom(System.nanoTime());

        private Long next(int keys) {
            return (long) random.nextInt(keys);
        }
    }

    /** Fills the maps, so that what is measured is the steady state. */
    @Setup(Level.Trial)
    public void fill() {
        for (long key = 0; key < keys; key++) {
            buckets.put(key, bucket());
            counters.put(key, new AtomicLong());
        }
    }

    @Benchmark
    public boolean bucket4j(Keys thread) {
        return buckets.computeIfAbsent(thread.next(keys), key -> bucket()).tryConsume(1);
    }

    @Benchmark
    public boolean countersInMap(Keys thread) {
        return counters.computeIfAbsent(thread.next(keys), key -> new AtomicLong())
                        .incrementAndGet()
                > 0;
    }

    private static Bucket bucket() {
        return Bucket.builder().addLimit(LIMIT).build();
    }
}
