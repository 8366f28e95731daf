package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What becomes of the counts of an exact limit when its policy or the posture changes it. */
class ChangedLimitsTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong now = new AtomicLong(1_800_000_000_000_000_000L);
    private final Limits limits = new Limits(1 << 14, 1, 2, now::get);
    private final Claims claims = new Claims();

    @ParameterizedTest
    @CsvSource({"6, PT1M, 1", "100, PT1M, 95", "5, PT2M, 0", "9, PT2M, 4"})
    void anExactLimitKeepsItsCountsWhereItChanges(long quota, Duration window, int left) {
        var before = limit("login", 5, MINUTE);
        for (var i = 0; i < 5; i++) {
            assertThat(ask(before, 7, 1)).isTrue();
        }
        var after = limit("login", quota, window);
        limits.keepLogs(List.of(after));

        ask(after, 7, 0);
        assertThat(claims.get(0).remaining()).isEqualTo(left);

        limits.reset(after, 7);
        ask(after, 7, 0);
        assertThat(claims.get(0).remaining()).isEqualTo(quota);
    }

    @Test
    void anExactLimitThatWasFirstMetWhileItWasStricterGoesOnFromThere() {
        var usual = limit("login", 20, MINUTE);
        var stricter = usual.times(0.5);
        for (var i = 0; i < 8; i++) {
            assertThat(ask(stricter, 7, 1)).isTrue();
        }
        for (var i = 0; i < 12; i++) {
            assertThat(ask(usual, 7, 1)).isTrue();
        }

        assertThat(ask(usual, 7, 1)).isFalse();
        assertThat(ask(stricter, 7, 1)).isFalse();
    }

    @Test
    void whoStartsAfterItChangedKnowsWhatWasCountedBefore() {
        var before = limit("login", 5, MINUTE);
        for (var i = 0; i < 5; i++) {
            ask(before, 7, 1);
        }
        limits.usage().tellChanges(new Limits(1 << 14, 1, 2, now::get).usage().hearing());
        var after = limit("login", 6, MINUTE);
        limits.keepLogs(List.of(after));
        ask(after, 8, 1);
        var fresh = new Limits(1 << 14, 1, 2, now::get);

        limits.usage().tellChanges(fresh.usage().recalling(now.get()));

        assertThat(ask(fresh, after, 7, 1)).isTrue();
        assertThat(ask(fresh, after, 7, 1)).isFalse();
    }

    @Test
    void changesThatFollowOneAnotherKeepTheCountsOfWhoAsksForNothingMeanwhile() {
        var first = limit("login", 5, MINUTE);
        for (var i = 0; i < 5; i++) {
            ask(first, 7, 1);
        }
        for (var quota = 6; quota <= 8; quota++) {
            var changed = limit("login", quota, MINUTE);
            limits.keepLogs(List.of(changed));
            ask(changed, 8, 1);
        }

        ask(limit("login", 8, MINUTE), 7, 0);
        assertThat(claims.get(0).remaining()).isEqualTo(3);
    }

    @Test
    void whatAReplicaTellsThatHasNotSeenTheChangeCounts() {
        var before = limit("login", 5, MINUTE);
        for (var i = 0; i < 5; i++) {
            ask(before, 7, 1);
        }
        var after = limit("login", 100, MINUTE.multipliedBy(2));
        var ahead = new Limits(1 << 14, 1, 2, now::get);
        ahead.keepLogs(List.of(after));

        limits.usage().tellChanges(ahead.usage().hearing());

        now.addAndGet(MINUTE.toNanos());
        ask(ahead, after, 7, 0);
        assertThat(claims.get(0).remaining()).isEqualTo(95);
    }

    @Test
    void untilItsLogIsReplacedNoMoreIsAdmittedThanItHasRoomFor() {
        var before = limit("login", 5, MINUTE);
        var after = limit("login", 6, MINUTE);
        for (var i = 0; i < 5; i++) {
            assertThat(ask(before, 7, 1)).isTrue();
        }

        assertThat(ask(after, 7, 1)).isFalse();
        limits.keepLogs(List.of(after));
        assertThat(ask(after, 7, 1)).isTrue();
        assertThat(ask(after, 7, 1)).isFalse();
    }

    @Test
    void aLimitThatIsExactNoMoreHasNoLog() {
        var exact = limit("login", 5, MINUTE);
        var withoutLog = limits.usage().parts();
        ask(exact, 7, 1);
        assertThat(limits.usage().parts()).isGreaterThan(withoutLog);

        limits.keepLogs(List.of(new Limit(exact.id(), "login", 5, MINUTE, 5, Algorithm.GCRA, false, false)));

        assertThat(limits.usage().parts()).isEqualTo(withoutLog);
    }

    @Test
    void exactLimitsThatAreNoMoreAreForgotten() {
        var kept = limit("kept", 1, MINUTE);
        var gone = limit("gone", 1, MINUTE);
        ask(kept, 7, 1);
        ask(gone, 7, 1);
        assertThat(limits.tracked()).isEqualTo(2);

        limits.keepLogs(List.of(kept));

        assertThat(limits.tracked()).isEqualTo(1);
        assertThat(ask(kept, 7, 1)).isFalse();
    }

    private boolean ask(Limit limit, long key, long cost) {
        return ask(limits, limit, key, cost);
    }

    private boolean ask(Limits asked, Limit limit, long key, long cost) {
        claims.clear();
        claims.add(limit, key, cost);
        return asked.consume(claims);
    }

    private static Limit limit(String name, long quota, Duration window) {
        return new Limit(Limit.idOf(name), name, quota, window, quota, Algorithm.SLIDING_LOG, false, false);
    }
}
