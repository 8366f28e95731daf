package io.bulwark.ratelimit.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.testkit.SuiteTest;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.inject.Inject;
import java.time.Duration;
import org.junit.jupiter.api.Test;

@SuiteTest
class ResetsOfTransactionTest {
    private static final long KEY = 7;

    private final Limit limit = new Limit(
            Limit.idOf("resets-of-transaction"), "once", 1, Duration.ofHours(1), 1, Algorithm.GCRA, false, false);

    @Inject
    Limits limits;

    @Inject
    Resets resets;

    @Test
    void whatIsRolledBackGivesNothingBack() {
        assertThat(ask()).isTrue();

        QuarkusTransaction.begin();
        resets.reset(limit, KEY);
        QuarkusTransaction.rollback();
        assertThat(ask()).isFalse();

        QuarkusTransaction.requiringNew().run(() -> resets.reset(limit, KEY));
        assertThat(ask()).isTrue();
    }

    private boolean ask() {
        var claims = new Claims();
        claims.add(limit, KEY, 1);
        return limits.consume(claims);
    }
}
