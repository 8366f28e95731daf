package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class LimitsTest {
    private static final long START = 1_800_000_000_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong(START);
    private final Limits limits = new Limits(1 << 16, 1, 2, now::get);
    private final Claims claims = new Claims();

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void admitsTheQuotaAtOnceAndNotOneMore(Algorithm algorithm) {
        var limit = limit("login", 5, MINUTE, algorithm);

        for (var i = 4; i >= 0; i--) {
            assertThat(ask(limit, 7, 1)).isTrue();
            assertThat(claims.get(0).remaining()).isEqualTo(i);
        }

        assertThat(ask(limit, 7, 1)).isFalse();
        assertThat(claims.get(0).isOver()).isTrue();
        assertThat(ask(limit, 8, 1)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void admitsAgainExactlyWhenItSaid(Algorithm algorithm) {
        var limit = limit("login", 5, MINUTE, algorithm);
        for (var i = 0; i < 5; i++) {
            assertThat(ask(limit, 7, 1)).isTrue();
        }
        assertThat(ask(limit, 7, 1)).isFalse();
        var wait = claims.get(0).retryNanos();

        now.addAndGet(wait - 1);
        assertThat(ask(limit, 7, 1)).isFalse();
        now.addAndGet(1);
        assertThat(ask(limit, 7, 1)).isTrue();
    }

    @Test
    void admitsNoMoreThanTheQuotaInAnyWindowOfALog() {
        var limit = limit("login", 3, MINUTE, Algorithm.SLIDING_LOG);
        var admitted = new ArrayList<Long>();
        var random = new Random(1);
        for (var i = 0; i < 5_000; i++) {
            now.addAndGet(random.nextLong(10 * SECOND));
            if (ask(limit, 7, 1)) {
                admitted.add(now.get());
            }
        }
        for (var i = 3; i < admitted.size(); i++) {
            assertThat(admitted.get(i) - admitted.get(i - 3)).isGreaterThanOrEqualTo(MINUTE.toNanos());
        }
        assertThat(admitted).hasSizeGreaterThan(800);
    }

    @Test
    void keepsToItsRateInTheLongRunWhereTheIntervalIsNoWholeNumber() {
        var limit = limit("seven", 7, MINUTE, Algorithm.GCRA);
        var admitted = 0;
        var end = START + Duration.ofHours(10).toNanos();
        for (; now.get() < end; now.addAndGet(SECOND / 2)) {
            admitted += ask(limit, 7, 1) ? 1 : 0;
        }
        assertThat(admitted).isBetween(7 * 600, 7 * 600 + 7);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void consumesFromAllLimitsOrFromNone(Algorithm algorithm) {
        var wide = limit("wide", 10, MINUTE, algorithm);
        var tight = limit("tight", 1, MINUTE, algorithm);

        assertThat(ask(wide, 1, tight, 2)).isTrue();
        for (var i = 0; i < 20; i++) {
            assertThat(ask(wide, 1, tight, 2)).isFalse();
        }

        ask(wide, 1, 0);
        assertThat(claims.get(0).remaining()).isEqualTo(9);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void countsAKeyThatARequestNamesTwiceTwice(Algorithm algorithm) {
        var limit = limit("login", 3, MINUTE, algorithm);

        assertThat(ask(limit, 1, limit, 1)).isTrue();
        assertThat(ask(limit, 1, limit, 1)).isFalse();
        assertThat(ask(limit, 1, 1)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void looksWithoutConsuming(Algorithm algorithm) {
        var limit = limit("login", 2, MINUTE, algorithm);
        for (var i = 0; i < 10; i++) {
            assertThat(ask(limit, 1, 0)).isTrue();
        }
        assertThat(claims.get(0).remaining()).isEqualTo(2);
        assertThat(claims.get(0).resetNanos()).isZero();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void saysThatWhatCostsMoreThanTheBurstNeverPasses(Algorithm algorithm) {
        var limit = limit("login", 5, MINUTE, algorithm);

        assertThat(ask(limit, 1, 6)).isFalse();
        assertThat(claims.get(0).retryNanos()).isEqualTo(Claim.NEVER);
        assertThat(ask(limit, 1, Long.MAX_VALUE)).isFalse();
        assertThat(claims.get(0).retryNanos()).isEqualTo(Claim.NEVER);
        assertThat(ask(limit, 1, 5)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void refusesAlwaysWhereTheQuotaIsZero(Algorithm algorithm) {
        var closed = limit("closed", 0, MINUTE, algorithm);

        assertThat(ask(closed, 1, 1)).isFalse();
        assertThat(claims.get(0).retryNanos()).isEqualTo(Claim.NEVER);
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void onlyTellsInShadow(Algorithm algorithm) {
        var shadow = new Limit(1, "shadow", 1, MINUTE, 1, algorithm, true, false);

        assertThat(ask(shadow, 1, 1)).isTrue();
        assertThat(ask(shadow, 1, 1)).isTrue();
        assertThat(claims.get(0).isOver()).isTrue();
    }

    @Test
    void makesWhoDoesNotWaitWaitLongerWhereTheLimitPenalizes() {
        var limit = new Limit(1, "strict", 2, MINUTE, 2, Algorithm.GCRA, false, true);
        ask(limit, 1, 2);

        ask(limit, 1, 1);
        var first = claims.get(0).retryNanos();
        ask(limit, 1, 1);
        assertThat(claims.get(0).retryNanos()).isGreaterThan(first);
        for (var i = 0; i < 100; i++) {
            ask(limit, 1, 1);
        }
        assertThat(claims.get(0).retryNanos()).isLessThanOrEqualTo(2 * MINUTE.toNanos());
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void tellsWhoIsChargedForARefusalWhenTheSameIsAdmitted(Algorithm algorithm) {
        var limit = new Limit(Limit.idOf("strict"), "strict", 3, MINUTE, 3, algorithm, false, true);
        for (var i = 0; i < 3; i++) {
            ask(limit, 1, 1);
            now.addAndGet(SECOND);
        }
        ask(limit, 1, 2);
        var wait = claims.get(0).retryNanos();
        assertThat(claims.get(0).isExceeded()).isTrue();

        var uncharged = limit("strict", 3, MINUTE, algorithm);
        now.addAndGet(wait - 1);
        assertThat(ask(uncharged, 1, 2)).isFalse();
        now.addAndGet(1);
        assertThat(ask(uncharged, 1, 2)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void givesTheWholeLimitBackWhenReset(Algorithm algorithm) {
        var limit = limit("login", 2, MINUTE, algorithm);
        ask(limit, 1, 2);

        limits.reset(limit, 1);

        assertThat(ask(limit, 1, 2)).isTrue();
    }

    @Test
    void doesNotHoldAnOldLimitAgainstWhoNowHasATighterOne() {
        ask(limit("api", 1, Duration.ofDays(300), Algorithm.GCRA), 1, 1);

        assertThat(ask(limit("api", 10, MINUTE, Algorithm.GCRA), 1, 1)).isFalse();
        now.addAndGet(2 * MINUTE.toNanos());
        assertThat(ask(limit("api", 10, MINUTE, Algorithm.GCRA), 1, 1)).isTrue();
    }

    @Test
    void aClockThatWasADayAheadKeepsNobodyOutForADay() {
        var limit = limit("login", 5, MINUTE, Algorithm.GCRA);
        ask(limit, 7, 5);
        now.addAndGet(-Duration.ofDays(1).toNanos());

        assertThat(ask(limit, 7, 1)).isFalse();
        assertThat(claims.get(0).retryNanos()).isLessThanOrEqualTo(2 * MINUTE.toNanos());
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void admitsExactlyTheQuotaHoweverManyAskAtOnce(Algorithm algorithm) throws Exception {
        var wide = limit("wide", 100, MINUTE, algorithm);
        var tight = limit("tight", 40, MINUTE, algorithm);
        try (var threads = Executors.newFixedThreadPool(8)) {
            Callable<Integer> asker = () -> {
                var own = new Claims();
                var admitted = 0;
                for (var i = 0; i < 2_000; i++) {
                    own.clear();
                    own.add(i % 2 == 0 ? wide : tight, i % 2 == 0 ? 3 : -3, 1);
                    own.add(i % 2 == 0 ? tight : wide, i % 2 == 0 ? -3 : 3, 1);
                    admitted += limits.consume(own) ? 1 : 0;
                }
                return admitted;
            };
            var admitted = 0;
            for (var result : threads.invokeAll(java.util.Collections.nCopies(8, asker))) {
                admitted += result.get();
            }
            assertThat(admitted).isEqualTo(40);
        }
        ask(wide, 3, 0);
        assertThat(claims.get(0).remaining()).isEqualTo(60);
    }

    @Test
    void survivesWindowsAndCostsOfAnySize() {
        var year =
                new Limit(1, "year", Integer.MAX_VALUE, Limit.LONGEST, Integer.MAX_VALUE, Algorithm.GCRA, false, false);

        assertThat(ask(year, 1, Integer.MAX_VALUE)).isTrue();
        assertThat(ask(year, 1, 1_000_000)).isFalse();
        assertThat(claims.get(0).retryNanos()).isPositive();
        assertThatThrownBy(() -> ask(year, 1, -1)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void hashesKeysOfOneLimitApartFromThoseOfAnother() {
        var one = limit("one", 1, MINUTE, Algorithm.GCRA);
        var other = limit("other", 1, MINUTE, Algorithm.GCRA);

        assertThat(limits.key(one, 0, 7)).isNotEqualTo(limits.key(other, 0, 7)).isEqualTo(limits.key(one, 0, 7));
        assertThat(limits.key(one, "secret")).isNotEqualTo(limits.key(one, "secreu"));
        assertThat(new Limits(1 << 14, 1, 3, now::get).key(one, 0, 7)).isNotEqualTo(limits.key(one, 0, 7));
    }

    private boolean ask(Limit limit, long key, long cost) {
        claims.clear();
        claims.add(limit, key, cost);
        return limits.consume(claims);
    }

    private boolean ask(Limit one, long oneKey, Limit other, long otherKey) {
        claims.clear();
        claims.add(one, oneKey, 1);
        claims.add(other, otherKey, 1);
        return limits.consume(claims);
    }

    private static Limit limit(String name, long quota, Duration window, Algorithm algorithm) {
        return new Limit(Limit.idOf(name), name, quota, window, quota, algorithm, false, false);
    }
}
