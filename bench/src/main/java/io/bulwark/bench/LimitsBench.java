package io.bulwark.bench;

import io.bulwark.ratelimit.limit.Algorithm;
import io.bulwark.ratelimit.limit.Claims;
import io.bulwark.ratelimit.limit.Limit;
import io.bulwark.ratelimit.limit.LimitTally;
import io.bulwark.ratelimit.limit.Limits;
import java.time.Duration;
import java.util.Random;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One decision by one limit, the key's hash and the clock included. */
public class LimitsBench {
    private static final int ROOM = 1_000_000;

    /** A limit that admits all of it, so that every decision also consumes. */
    @State(Scope.Benchmark)
    public static class Counted {
        /** How many addresses ask. */
        @Param({"1", "1000000"})
        public int keys;

        private final Limits limits = new Limits(ROOM, 1, 2, System::nanoTime);
        private final Limit limit = new Limit(
                1, "bench", 1_000_000_000, Duration.ofSeconds(1), 1_000_000_000, Algorithm.GCRA, false, false);
        private final Limit usedUp = new Limit(2, "used up", 1, Duration.ofDays(366), 1, Algorithm.GCRA, false, false);
        private long[] addresses = new long[0];

        /** In random order, which is what the caches meet. */
        @Setup
        public void choose() {
            addresses = new Random(1).ints(1 << 21, 0, keys).asLongStream().toArray();
        }

        /** As the requests of every limit of a policy are. */
        @Setup
        public void tally() {
            limit.tally(new LimitTally());
            usedUp.tally(new LimitTally());
        }
    }

    /** Whose turn it is. */
    @State(Scope.Thread)
    public static class Asker {
        private final Claims claims = new Claims();
        private int next;
    }

    /** GCRA, each admitted. */
    @Benchmark
    public boolean decide(Counted counted, Asker asker) {
        return ask(counted, asker, counted.limit);
    }

    /** GCRA, each refused that has asked before. */
    @Benchmark
    public boolean refuse(Counted counted, Asker asker) {
        return ask(counted, asker, counted.usedUp);
    }

    private static boolean ask(Counted counted, Asker asker, Limit limit) {
        asker.next = asker.next + 1 & counted.addresses.length - 1;
        asker.claims.clear();
        asker.claims.add(limit, counted.limits.key(limit, 0, counted.addresses[asker.next]), 1);
        return counted.limits.consume(asker.claims);
    }
}
