package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What replicas admit of a small limit whose members change while a part of it is used and untold. */
class ChangingDivisionTest {
    private static final int MOST = 4;
    private static final int TIMES = 150;
    private static final int KEYS = 20;
    private static final Duration FOREVER = Duration.ofDays(300);

    private final Random random = new Random(20_261_129);
    private final AtomicLong now = new AtomicLong(1_800_000_000_000_000_000L);
    private final Claims claims = new Claims();
    private final List<Limits> replicas = IntStream.range(0, MOST)
            .mapToObj(i -> new Limits(1 << 14, 1, 2, now::get))
            .toList();
    private final long[] toldAt = new long[MOST];
    private int firstKey;

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void nothingIsAdmittedOverTheLimitAndLittleIsLost(Algorithm algorithm) {
        var lost = 0L;
        var offered = 0L;
        for (var i = 0; i < TIMES; i++) {
            var limit = limit(1 + random.nextInt(100), algorithm);
            replicas.forEach(replica -> replica.keepLogs(List.of(limit)));
            firstKey += KEYS;
            var admitted = new long[KEYS];
            askWhileMembersChange(limit, admitted);

            assertThat(LongStream.of(admitted).max().getAsLong()).isLessThanOrEqualTo(limit.quota());
            lost += KEYS * limit.quota() - LongStream.of(admitted).sum();
            offered += KEYS * limit.quota();
        }
        assertThat(lost).isLessThanOrEqualTo(offered / 20);
    }

    /** In the end all that are members ask for what is left. */
    private void askWhileMembersChange(Limit limit, long[] admitted) {
        var members = someReplicas();
        agree(members);
        someAsk(members, limit, admitted);
        someTell();
        someAsk(members, limit, admitted);

        var next = someReplicas();
        members = change(members, next);
        someAsk(members, limit, admitted);
        if (random.nextBoolean()) { // others come or go before all have read of these
            next = someReplicas();
            members = change(members, next);
            someAsk(members, limit, admitted);
        }
        next.forEach(this::tell); // that it has read of the change, and what it used before
        someAsk(members, limit, admitted);
        someTell();
        someAsk(members, limit, admitted);
        agree(next);

        someAsk(next, limit, admitted);
        next.forEach(this::tell);
        for (var member : next) {
            for (var key = 0; key < KEYS; key++) {
                admitted[key] += ask(member, limit, key, Integer.MAX_VALUE);
            }
        }
    }

    /** Returns those that had a share and go on. */
    private List<Integer> change(List<Integer> members, List<Integer> next) {
        for (var leaving : members) {
            if (!next.contains(leaving)) {
                divide(leaving, MOST, -1);
                tell(leaving);
            }
        }
        var staying = members.stream().filter(next::contains).toList();
        for (var member : next) {
            if (!staying.contains(member)) {
                divide(member, MOST, -1); // nobody asks it before all have agreed
            } else if (next.size() > 1) {
                replicas.get(member).usage().change(next.size(), next.indexOf(member));
            }
        }
        return staying;
    }

    private void agree(List<Integer> members) {
        members.forEach(member -> divide(member, members.size(), members.indexOf(member)));
    }

    private void divide(int replica, int members, int position) {
        replicas.get(replica).usage().split(members, position, toldAt[replica], new TreeMap<>());
    }

    private List<Integer> someReplicas() {
        var bits = 1 + random.nextInt((1 << MOST) - 1);
        return IntStream.range(0, MOST)
                .filter(i -> (bits >> i & 1) != 0)
                .boxed()
                .toList();
    }

    private void someTell() {
        IntStream.range(0, MOST).filter(i -> random.nextBoolean()).forEach(this::tell);
    }

    private void tell(int teller) {
        toldAt[teller] = now.incrementAndGet();
        replicas.get(teller)
                .usage()
                .tellChanges(new Everyone(IntStream.range(0, MOST)
                        .filter(i -> i != teller)
                        .mapToObj(i -> replicas.get(i).usage().hearing())
                        .toList()));
    }

    private void someAsk(List<Integer> members, Limit limit, long[] admitted) {
        for (var member : members) {
            for (var key = 0; key < KEYS; key++) {
                if (random.nextBoolean()) {
                    admitted[key] += ask(member, limit, key, random.nextInt((int) limit.quota() + 1));
                }
            }
        }
    }

    private long ask(int member, Limit limit, int key, int most) {
        var limits = replicas.get(member);
        var admitted = 0L;
        while (admitted < most) {
            now.incrementAndGet(); // a log knows an admission by its time
            claims.clear();
            claims.add(limit, limits.key(limit, 0, firstKey + key), 1);
            if (!limits.consume(claims)) {
                break;
            }
            admitted++;
        }
        return admitted;
    }

    private static Limit limit(long quota, Algorithm algorithm) {
        return new Limit(quota, "limit", quota, FOREVER, quota, algorithm, false, false);
    }

    private record Everyone(List<Usage> hearing) implements Usage {
        private void all(Consumer<Usage> tell) {
            hearing.forEach(tell);
        }

        @Override
        public void consumed(long key, long charge) {
            all(to -> to.consumed(key, charge));
        }

        @Override
        public void standing(long key, long arrival) {
            all(to -> to.standing(key, arrival));
        }

        @Override
        public void reset(long key) {
            all(to -> to.reset(key));
        }

        @Override
        public void logged(long limit, int quota, long windowNanos, long key, long[] times, int count) {
            all(to -> to.logged(limit, quota, windowNanos, key, times, count));
        }

        @Override
        public boolean isFull() {
            return false;
        }

        @Override
        public boolean isHalfFull() {
            return false;
        }
    }
}
