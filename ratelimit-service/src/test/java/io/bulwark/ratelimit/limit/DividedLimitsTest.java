package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a replica says that has a share of each limit, beside another one. */
class DividedLimitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final long KEY = 7;
    private static final long IN_THE_LAST_STRIPE = -1;

    private final AtomicLong now = new AtomicLong(1_800_000_000_000_000_000L);
    private final Limits one = new Limits(1 << 14, 1, 2, now::get);
    private final Limits other = new Limits(1 << 14, 1, 2, now::get);
    private final Claims claims = new Claims();

    @BeforeEach
    void divide() {
        one.usage().split(2, 0, 0, new TreeMap<>());
        other.usage().split(2, 1, 0, new TreeMap<>());
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void onlyALimitThatIsOverAltogetherIsExceeded(Algorithm algorithm) {
        var limit = limit(10, algorithm);
        assertThat(admitted(one, limit)).isEqualTo(5);
        assertThat(claims.get(0).isOver()).isTrue();
        assertThat(claims.get(0).isExceeded()).isFalse();

        assertThat(admitted(other, limit)).isEqualTo(5);
        other.usage().tellChanges(one.usage().hearing());

        assertThat(admitted(one, limit)).isZero();
        assertThat(claims.get(0).isExceeded()).isTrue();
    }

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void whatCostsMoreThanAnyShareIsNotToldToComeBack(Algorithm algorithm) {
        var limit = limit(11, algorithm);

        assertThat(ask(one, limit, 7)).isFalse();
        assertThat(claims.get(0).retryNanos()).isEqualTo(Claim.NEVER);
        assertThat(ask(one, limit, 6) || ask(other, limit, 6)).isTrue();
    }

    @Test
    void isNotGivenOnceMoreWhereItBecomesStricter() {
        var usual = limit(1_000, Algorithm.GCRA);
        assertThat(admitted(one, usual)).isEqualTo(1_000);
        one.usage().tellChanges(other.usage().hearing());

        assertThat(admitted(one, usual.times(0.5))).isZero();
        assertThat(admitted(other, usual.times(0.5))).isZero();
    }

    @Test
    void isNotGivenOnceMoreWhereItBecomesSmallEnoughToBeDivided() {
        assertThat(admitted(one, limit(1_000, Algorithm.GCRA))).isEqualTo(1_000);
        one.usage().tellChanges(other.usage().hearing());
        var smaller = limit(500, Algorithm.GCRA);

        assertThat(admitted(one, smaller)).isZero();
        assertThat(admitted(other, smaller)).isZero();

        now.addAndGet(MINUTE.toNanos() / 2);
        assertThat(admitted(one, smaller)).isEqualTo(250);
        one.usage().tellChanges(other.usage().hearing());
        assertThat(admitted(other, smaller)).isZero();
    }

    @Test
    void whoComesBackWhenItIsToldToIsAdmitted() {
        var limit = limit(10, Algorithm.GCRA);
        admitted(one, limit);
        admitted(other, limit);
        other.usage().tellChanges(one.usage().hearing());
        assertThat(ask(one, limit, 1)).isFalse();
        assertThat(claims.get(0).isExceeded()).isTrue();

        now.addAndGet(claims.get(0).retryNanos());

        assertThat(ask(one, limit, 1)).isTrue();
    }

    @Test
    void whatCostsMoreThanAnyShareIsNotToldToComeBackWhereAllIsUsedUp() {
        var limit = limit(10, Algorithm.GCRA);
        admitted(one, limit);
        admitted(other, limit);
        other.usage().tellChanges(one.usage().hearing());

        assertThat(ask(one, limit, 6)).isFalse();
        assertThat(claims.get(0).retryNanos()).isEqualTo(Claim.NEVER);
    }

    /** From the whole, of which nothing is noted as this one's own, while the first stripes are divided already. */
    @Test
    void whatIsAdmittedWhileTheMembersChangeIsNotGivenOnceMore() {
        var limit = limit(60, Algorithm.SLIDING_LOG);
        var meanwhile = new AtomicReference<Runnable>(() -> {});
        var whole = new Limits(1 << 14, 1, 2, () -> {
            var read = now.incrementAndGet();
            meanwhile.getAndSet(() -> {}).run();
            return read;
        });
        meanwhile.set(() -> {
            for (var i = 0; i < 40; i++) {
                ask(whole, limit, IN_THE_LAST_STRIPE, 1);
            }
        });

        whole.usage().change(2, 0);

        var admitted = 0;
        while (ask(whole, limit, IN_THE_LAST_STRIPE, 1)) {
            admitted++;
        }
        assertThat(admitted).as("half of the 20 that were left").isEqualTo(10);
    }

    private int admitted(Limits limits, Limit limit) {
        var admitted = 0;
        while (ask(limits, limit, 1)) {
            admitted++;
        }
        return admitted;
    }

    private boolean ask(Limits limits, Limit limit, long cost) {
        return ask(limits, limit, KEY, cost);
    }

    private boolean ask(Limits limits, Limit limit, long key, long cost) {
        now.incrementAndGet(); // a log knows an admission by its time
        claims.clear();
        claims.add(limit, key, cost);
        return limits.consume(claims);
    }

    private static Limit limit(long quota, Algorithm algorithm) {
        return new Limit(1, "limit", quota, MINUTE, quota, algorithm, false, false);
    }
}
