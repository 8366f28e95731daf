package io.bulwark.auth.account;

import io.bulwark.auth.AuthConfig;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.kit.outbox.Outbox;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.InstantSource;
import java.util.concurrent.ThreadLocalRandom;

/**
 * Counts attempts, and tells of those that failed and of the lockouts that these cause, in transactions that no refusal
 * undoes.
 */
@ApplicationScoped
class LoginAttempts {
    private static final int DECOYS = 16;

    private final Accounts accounts;
    private final EntityManager entities;
    private final Outbox outbox;
    private final InstantSource clock;
    private final LockoutPolicy policy;
    private final LoginMeters meters;

    LoginAttempts(
            Accounts accounts,
            EntityManager entities,
            Outbox outbox,
            InstantSource clock,
            AuthConfig config,
            LoginMeters meters) {
        this.accounts = accounts;
        this.entities = entities;
        this.outbox = outbox;
        this.clock = clock;
        this.policy = LockoutPolicy.of(config.lockout());
        this.meters = meters;
    }

    @Transactional(TxType.REQUIRES_NEW)
    Attempt begin(String email) {
        var attempt = accounts.lockByEmail(email)
                .map(account -> account.beginAttempt(policy, clock.instant()))
                .orElseGet(() -> Attempt.unknown(email));
        if (attempt.refusal() != null) {
            countNowhere();
        }
        return attempt;
    }

    @Transactional(TxType.REQUIRES_NEW)
    void fail(Attempt attempt, String address, String application) {
        fail(attempt, attempt.failureReason(), address, application);
    }

    /** As {@link #fail(Attempt, String, String)}, in the transaction that found the reason. */
    @Transactional(TxType.MANDATORY)
    void fail(Attempt attempt, Reason reason, String address, String application) {
        var userId = attempt.userId() == null ? null : attempt.userId().toString();
        outbox.publish(new LoginFailed(address, attempt.account(), userId, reason), application);
        meters.failed(reason);
        var lock = attempt.lock();
        if (lock != null && userId != null) {
            outbox.publish(
                    new AccountLocked(userId, attempt.account(), address, lock.failures(), lock.until()), application);
            meters.locked();
        }
    }

    private void countNowhere() {
        entities.createNativeQuery("update decoy set attempts = attempts + 1 where slot = :slot")
                .setParameter("slot", ThreadLocalRandom.current().nextInt(DECOYS))
                .executeUpdate();
    }
}
