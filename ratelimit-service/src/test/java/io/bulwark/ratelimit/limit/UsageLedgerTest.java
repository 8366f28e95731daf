package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What one replica has counted, another knows. */
class UsageLedgerTest {
    private static final long START = 1_800_000_000_000_000_000L;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong(START);
    private final Limits here = new Limits(1 << 16, 1, 2, now::get);
    private final Limits there = new Limits(1 << 16, 1, 2, now::get);
    private final Claims claims = new Claims();

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whatIsConsumedHereIsNotLeftThere(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        assertThat(ask(here, limit, 7, 4)).isTrue();
        now.incrementAndGet(); // admissions of a log are known apart by their time
        assertThat(ask(there, limit, 7, 3)).isTrue();

        tell(here, there);
        tell(there, here);

        assertThat(left(here, limit, 7)).isEqualTo(3);
        assertThat(left(there, limit, 7)).isEqualTo(3);
        assertThat(left(there, limit, 8)).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void isToldOnce(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        ask(here, limit, 7, 4);
        tell(here, there);

        var again = new Told(Integer.MAX_VALUE);
        here.usage().tellChanges(again);
        tell(there, here);

        assertThat(again.entries).isZero();
        assertThat(left(here, limit, 7)).isEqualTo(6);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void givingTheWholeLimitBackIsToldToo(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        ask(here, limit, 7, 10);
        tell(here, there);
        assertThat(left(there, limit, 7)).isZero();

        there.reset(limit, 7);
        ask(there, limit, 7, 2);
        tell(there, here);

        assertThat(left(here, limit, 7)).isEqualTo(8);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whoStartsAfterwardsKnowsAllOfIt(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        ask(here, limit, 7, 4);
        tell(here, there);
        ask(here, limit, 7, 1);
        var fresh = new Limits(1 << 14, 1, 2, now::get);

        // from the standing what was told before, from the changes what was not
        for (var part = 0; part < here.usage().parts(); part++) {
            here.usage().tellStanding(part, fresh.usage().recalling(now.get()));
        }
        here.usage().tellChanges(fresh.usage().recalling(now.get()));

        assertThat(left(fresh, limit, 7)).isEqualTo(5);
        now.addAndGet(2 * MINUTE.toNanos());
        assertThat(left(fresh, limit, 7)).isEqualTo(10);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void aClockThatWasAheadBlocksNobodyForLong(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        var late =
                new Limits(1 << 14, 1, 2, () -> now.get() + Duration.ofDays(400).toNanos());
        ask(late, limit, 7, 10);
        for (var part = 0; part < late.usage().parts(); part++) {
            late.usage().tellStanding(part, here.usage().recalling(now.get()));
        }
        late.usage().tellChanges(here.usage().recalling(now.get()));

        ask(here, limit, 7, 1);
        now.addAndGet(2 * MINUTE.toNanos());

        assertThat(ask(here, limit, 7, 1)).isTrue();
    }

    @Test
    void aLogCountsEachAdmissionOnceThoughClocksDiffer() {
        var limit = limit(20, Algorithm.SLIDING_LOG);
        var ahead = new Limits(
                1 << 14, 1, 2, () -> now.get() + Duration.ofSeconds(2).toNanos());
        var admitted = 0;
        for (var i = 0; i < 40; i++) {
            admitted += ask(i % 2 == 0 ? here : ahead, limit, 7, 1) ? 1 : 0;
            tell(here, ahead);
            tell(ahead, here);
            now.addAndGet(Duration.ofMillis(500).toNanos());
        }

        assertThat(admitted).isEqualTo(20);
    }

    @Test
    void whatALaggardTellsIsNotHeldAgainstTheClientTwice() {
        var limit = limit(10, Algorithm.GCRA);
        ask(here, limit, 7, 10);
        var sentAt = now.get();
        now.addAndGet(MINUTE.toNanos() / 2);

        here.usage().tellChanges(there.usage().recalling(sentAt));

        assertThat(left(there, limit, 7)).isEqualTo(left(here, limit, 7)).isEqualTo(5);
    }

    /** Two that share a key may each find it over, and together it is not. */
    @Test
    void whatIsOverIsToldToOthersAndNotForOneself() {
        assertThat(toldOfOneThatIsOver(here.usage()::tellChanges)).containsOnlyKeys(7L, 8L);
        assertThat(toldOfOneThatIsOver(here.usage()::tellLasting)).containsOnlyKeys(8L);
    }

    private Map<Long, Long> toldOfOneThatIsOver(Consumer<Usage> teller) {
        var limit = limit(10, Algorithm.GCRA);
        now.addAndGet(MINUTE.toNanos());
        ask(here, limit, 7, 1);
        ask(here, limit, 8, 2);
        now.addAndGet(limit.interval() + 1);
        var told = new Told(Integer.MAX_VALUE);
        teller.accept(told);
        return told.charges;
    }

    @Test
    void costsAsMuchAsThereAreKeysHoweverManyRequests() {
        var limit = limit(1_000_000, Algorithm.GCRA);
        for (var i = 0; i < 100_000; i++) {
            ask(here, limit, 1 + i % 10, 1);
        }
        var told = new Told(Integer.MAX_VALUE);

        here.usage().tellChanges(told);

        assertThat(told.entries).isEqualTo(10);
        assertThat(told.charges.values()).containsOnly(10_000 * limit.interval());
    }

    /** As many are asked for at each as the limit gives; for minutes, since it must not add up. */
    @ParameterizedTest
    @ValueSource(ints = {10, 50, 300, 900})
    void overTheLimitIsAtMostWhatTheOtherAdmitsUnheard(int heardAfterMillis) {
        var limit = new Limit(1, "limit", 60_000, MINUTE, 1_000, Algorithm.GCRA, false, false);
        var admitted = 0L;
        var most = Long.MIN_VALUE;
        for (var millis = 1; millis <= 300_000; millis++) {
            now.addAndGet(TimeUnit.MILLISECONDS.toNanos(1));
            admitted += ask(here, limit, 7, 1) ? 1 : 0;
            admitted += ask(there, limit, 7, 1) ? 1 : 0;
            most = Math.max(most, admitted - limit.burst() - millis);
            if (millis % heardAfterMillis == 0) {
                tell(here, there);
                tell(there, here);
            }
        }

        assertThat(most).isBetween((long) heardAfterMillis / 2, (long) heardAfterMillis);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void tellsOfMoreKeysThanThereIsRoomForInTurn(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        var expected = new HashMap<Long, Long>();
        for (var i = 1; i <= 20_000; i++) {
            var key = here.key(limit, 0, i);
            ask(here, limit, key, 1);
            expected.put(key, limit.interval());
        }
        var told = new Told(1_000);
        var rounds = 0;
        for (var before = -1; before != told.entries; rounds++) {
            before = told.entries;
            told.room = 1_000;
            here.usage().tellChanges(told);
        }

        assertThat(told.charges).hasSameSizeAs(expected).containsAllEntriesOf(expected);
        assertThat(rounds).isGreaterThan(18);
    }

    @Test
    void aBusyLogDoesNotKeepTheOthersFromBeingTold() {
        var limits = List.of(log(1), log(2), log(3));
        var told = new Told(0);
        for (var round = 0; round < limits.size(); round++) {
            now.addAndGet(2 * MINUTE.toNanos());
            for (var limit : limits) {
                for (var i = 1; i <= 1_000; i++) {
                    ask(here, limit, here.key(limit, 0, i), 1);
                }
            }
            told.room = 1_000;
            here.usage().tellChanges(told);
        }

        assertThat(limits)
                .allSatisfy(limit -> assertThat(IntStream.rangeClosed(1, 1_000).mapToObj(i -> here.key(limit, 0, i)))
                        .anyMatch(told.charges::containsKey));
    }

    private void tell(Limits from, Limits to) {
        from.usage().tellChanges(to.usage().hearing());
    }

    private boolean ask(Limits limits, Limit limit, long key, long cost) {
        claims.clear();
        claims.add(limit, key, cost);
        return limits.consume(claims);
    }

    private long left(Limits limits, Limit limit, long key) {
        ask(limits, limit, key, 0);
        return claims.get(0).remaining();
    }

    private static Limit log(int id) {
        return new Limit(id, "log", 10, MINUTE, 10, Algorithm.SLIDING_LOG, false, false);
    }

    private static Limit limit(long quota, Algorithm algorithm) {
        return new Limit(1, "limit", quota, MINUTE, quota, algorithm, false, false);
    }

    /** Remembers what it is told. */
    private static final class Told implements Usage {
        private final Map<Long, Long> charges = new HashMap<>();
        private int room;
        private int entries;

        Told(int room) {
            this.room = room;
        }

        @Override
        public void consumed(long key, long charge) {
            room--;
            entries++;
            charges.merge(key, charge, Long::sum);
        }

        @Override
        public void standing(long key, long arrival) {
            entries++;
        }

        @Override
        public void reset(long key) {
            entries++;
        }

        @Override
        public void logged(long limit, int quota, long windowNanos, long key, long[] times, int count) {
            consumed(key, windowNanos / quota * count);
        }

        @Override
        public boolean isFull() {
            return room < 256;
        }

        @Override
        public boolean isHalfFull() {
            return isFull();
        }
    }
}
