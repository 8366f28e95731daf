package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.ratelimit.limit.LimitTally.Result;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Locale;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What an operator sees of each limit. */
class LimitTalliesTest {
    private static final Duration HOUR = Duration.ofHours(1);

    private final SimpleMeterRegistry metrics = new SimpleMeterRegistry();
    private final LimitTallies tallies = new LimitTallies(metrics);
    private final Limits limits = new Limits(1 << 14, 1, 2, () -> 1_800_000_000_000_000_000L);
    private final Claims claims = new Claims();

    @ParameterizedTest
    @EnumSource(Algorithm.class)
    void tellsWithinNearAndOverOfALimitInForceApart(Algorithm algorithm) {
        ask(limit("tries", 10, algorithm, false), 12, 1);

        assertThat(counted("tries", Result.WITHIN)).isEqualTo(8);
        assertThat(counted("tries", Result.NEAR)).isEqualTo(2);
        assertThat(counted("tries", Result.OVER)).isEqualTo(2);
        assertThat(counted("tries", Result.SHADOWED)).isZero();
    }

    @Test
    void tellsOfALimitInShadowHowManyItWouldHaveRefused() {
        ask(limit("trial", 10, Algorithm.GCRA, true), 12, 1);

        assertThat(counted("trial", Result.SHADOWED)).isEqualTo(2);
        assertThat(counted("trial", Result.OVER)).isZero();
    }

    @Test
    void doesNotCountWhoOnlyLooks() {
        ask(limit("tries", 10, Algorithm.GCRA, false), 3, 0);

        assertThat(counted("tries", Result.WITHIN)).isZero();
    }

    @Test
    void goesOnWhereThePolicyIsReadAgain() {
        ask(limit("tries", 10, Algorithm.GCRA, false), 3, 1);
        ask(limit("tries", 100, Algorithm.GCRA, false).times(0.5), 3, 1);

        assertThat(counted("tries", Result.WITHIN)).isEqualTo(6);
    }

    @Test
    void losesNoneOfTwoThreadsThatAskAtATime() {
        var limit = limit("tries", 1_000_000_000, Algorithm.GCRA, false);

        IntStream.range(0, 2).parallel().forEach(thread -> {
            var its = new Claims();
            var random = new Random(thread);
            for (var i = 0; i < 100_000; i++) {
                its.clear();
                its.add(limit, limits.key(limit, 0, random.nextInt(500)), 1);
                limits.consume(its);
            }
        });

        assertThat(counted("tries", Result.WITHIN)).isEqualTo(200_000);
    }

    @Test
    void theSeriesAreBounded() {
        for (var i = 0; i < LimitTallies.MOST + 10; i++) {
            tallies.ofPolicy("shop", "login", "limit-" + i);
        }

        assertThat(metrics.getMeters()).hasSize((LimitTallies.MOST + 1) * Result.values().length);
        assertThat(tallies.ofPolicy("shop", "login", "one")).isSameAs(tallies.ofPolicy("shop", "search", "other"));
        assertThat(tallies.ofPolicy("shop", "login", "limit-1")).isNotSameAs(tallies.ofPolicy("shop", "login", "one"));
    }

    private Limit limit(String name, long quota, Algorithm algorithm, boolean shadow) {
        var limit = new Limit(1, name, quota, HOUR, quota, algorithm, shadow, false);
        limit.tally(tallies.ofPolicy("shop", "login", name));
        return limit;
    }

    private void ask(Limit limit, int times, long cost) {
        for (var i = 0; i < times; i++) {
            claims.clear();
            claims.add(limit, 7, cost);
            limits.consume(claims);
        }
    }

    private double counted(String limit, Result result) {
        return metrics.get("ratelimit.endpoint.requests")
                .tags("application", "shop", "endpoint", "login", "limit", limit)
                .tag("result", result.name().toLowerCase(Locale.ROOT))
                .functionCounter()
                .count();
    }
}
