package io.bulwark.bench;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.Limits;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.TreeMap;

/** Measures what a tracked key takes of the heap: all that is there after a million were counted, less what was there before. */
public final class HeapBench {
    private static final int KEYS = 1_000_000;
    private static final int SETTLING = 5;

    private HeapBench() {}

    /** @param arguments none */
    public static void main(String[] arguments) {
        for (var replicas = 1; replicas <= 3; replicas += 2) {
            print(replicas);
        }
    }

    private static void print(int replicas) {
        var before = used();
        var limits = new Limits(KEYS, 1, 2, System::nanoTime);
        limits.usage().split(replicas, 0, 0, new TreeMap<>());
        count(limits);
        var bytes = used() - before;
        System.out.printf(
                Locale.ROOT,
                "FIGURE heap per tracked key, %d replicas: %.1f bytes, %d tracked of room for %d, %.3f %% counted together%n",
                replicas,
                (double) bytes / limits.tracked(),
                limits.tracked(),
                KEYS,
                100.0 * limits.overflowed() / KEYS);
        Reference.reachabilityFence(limits);
    }

    /** Each of so many keys once, all of them for longer than this runs. */
    private static void count(Limits limits) {
        var limit = new Limit(1, "bench", 100, Duration.ofHours(1), 100, Algorithm.GCRA, false, false);
        var claims = new Claims();
        var random = new Random(1);
        for (var i = 0; i < KEYS; i++) {
            claims.clear();
            claims.add(limit, limits.key(limit, 0, random.nextLong()), 1);
            limits.consume(claims);
        }
    }

    private static long used() {
        var runtime = Runtime.getRuntime();
        for (var i = 0; i < SETTLING; i++) {
            System.gc();
        }
        return runtime.totalMemory() - runtime.freeMemory();
    }
}
