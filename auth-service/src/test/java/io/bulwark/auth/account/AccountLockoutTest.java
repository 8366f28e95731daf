package io.bulwark.auth.account;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.auth.account.Attempt.Refusal;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class AccountLockoutTest {
    private static final Instant START = Instant.parse("2026-03-01T10:00:00Z");
    private static final LockoutPolicy POLICY = new LockoutPolicy(3, Duration.ofMinutes(15), Duration.ofMinutes(20));

    private final Account account = new Account(
            "ada@example.com", "Ada", List.of("responder"), new TemporaryPassword("x", "hash", null), START);

    @Test
    void theFailureThatReachesTheLimitLocks() {
        assertThat(attempt(0).lock()).isNull();
        assertThat(attempt(1).lock()).isNull();

        var deciding = attempt(2);

        assertThat(deciding.refusal()).as("its own password is still looked at").isNull();
        assertThat(deciding.lock()).isEqualTo(new Attempt.Lock(3, at(22)));
        assertThat(attempt(3).refusal()).isEqualTo(Refusal.LOCKED);
    }

    @Test
    void aLockoutEndsByItselfAndIsNotProlongedByFurtherAttempts() {
        IntStream.range(0, 3).forEach(this::attempt);
        IntStream.range(3, 20).forEach(this::attempt);

        assertThat(account.isLocked(at(21))).isTrue();
        assertThat(attempt(22).refusal()).isNull();
        assertThat(attempt(23).lock()).as("the count starts anew").isNull();
    }

    @Test
    void failuresOfAnEarlierWindowAreForgotten() {
        attempt(0);
        attempt(1);

        assertThat(attempt(15).lock()).isNull();
        assertThat(attempt(16).lock()).isNull();
        assertThat(attempt(17).lock()).isNotNull();
    }

    @Test
    void aRightPasswordForgetsFailuresEvenAtTheLimit() {
        IntStream.range(0, 3).forEach(this::attempt);

        account.signIn(null, at(2));

        assertThat(account.isLocked(at(3))).isFalse();
        assertThat(attempt(3).lock()).isNull();
    }

    @Test
    void aDisabledAccountCountsNothing() {
        account.disable("admin", "left", START);

        assertThat(attempt(0).refusal()).isEqualTo(Refusal.DISABLED);
        assertThat(attempt(0).candidate()).isNull();
    }

    @Test
    void aPasswordChangedMeanwhileIsNotTheOneThatWasRight() {
        var checked = attempt(0).candidate().since();

        account.changePassword("other", at(1));

        assertThat(account.refusal(checked, at(1))).isEqualTo(Reason.WRONG_PASSWORD);
        assertThat(account.refusal(at(1), at(1))).isNull();
    }

    @Test
    void aTemporaryPasswordExpires() {
        account.resetPassword(new TemporaryPassword("x", "hash", at(60)), at(0));

        assertThat(account.refusal(at(0), at(59))).isNull();
        assertThat(account.refusal(at(0), at(60))).isEqualTo(Reason.PASSWORD_EXPIRED);
    }

    @Test
    void everybodyIsAUserAndLosingARoleIsNoticed() {
        assertThat(account.roles()).containsExactly("responder", "user");
        assertThat(account.assign(List.of("responder", "operator"))).isFalse();
        assertThat(account.assign(List.of("operator"))).isTrue();
        assertThat(account.roles()).containsExactly("operator", "user");
    }

    private Attempt attempt(int minute) {
        return account.beginAttempt(POLICY, at(minute));
    }

    private static Instant at(int minute) {
        return START.plus(Duration.ofMinutes(minute));
    }
}
