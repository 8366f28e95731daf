package io.bulwark.auth.account;

import io.bulwark.auth.account.Attempt.Candidate;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Proves an identity by password: counted before it is compared, compared whatever the account, and recorded where it
 * fails. What tells an unknown account from a locked one or a wrong password goes to the event, never to the caller.
 */
@ApplicationScoped
public class PasswordCheck {
    private final LoginAttempts attempts;
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final Accounts accounts;
    private final InstantSource clock;
    private final LoginMeters meters;

    PasswordCheck(
            LoginAttempts attempts,
            PasswordHasher hasher,
            PasswordPolicy policy,
            Accounts accounts,
            InstantSource clock,
            LoginMeters meters) {
        this.attempts = attempts;
        this.hasher = hasher;
        this.policy = policy;
        this.accounts = accounts;
        this.clock = clock;
        this.meters = meters;
    }

    /**
     * A password that was right.
     *
     * @param attempt counted, and a failure still if the password is good for nothing
     * @param password the one it was compared with; stale if it was changed meanwhile
     * @param newHash the same password under today's parameters; null where the stored ones will do
     */
    public record Passed(
            Attempt attempt, Candidate password, @Nullable String newHash) {
        @Override
        public String toString() {
            return "Passed[" + password.userId() + "]";
        }
    }

    /**
     * No transaction may hold a connection meanwhile: this takes its turn and some 30 ms.
     *
     * @param address the client's, in canonical form
     * @param application whose sign-in it is
     * @return empty where the password is wrong or the account takes none
     * @throws io.bulwark.kit.problem.Problem 422 for an overlong password, 503 where too many want to sign in at once
     */
    public Optional<Passed> check(String typedAccount, String password, String address, String application) {
        policy.requireBounded(password);
        var email = Email.normalise(typedAccount);
        var compared = hasher.inTurn(() -> compare(email, password));
        if (compared.passed() == null) {
            attempts.fail(compared.attempt(), address, application);
        }
        return Optional.ofNullable(compared.passed());
    }

    /**
     * Signs in whoever passed, holding the account until the transaction ends.
     *
     * @return as {@link #hold}
     */
    @Transactional(TxType.MANDATORY)
    public Optional<Account> signIn(Passed passed, String address, String application) {
        var account = hold(passed, address, application);
        account.ifPresent(held -> {
            held.signIn(passed.newHash(), clock.instant());
            meters.succeeded();
        });
        return account;
    }

    /**
     * The account of whoever passed, held until the transaction ends. That must commit also where it is refused.
     *
     * @return empty where the account was disabled, or its password changed or expired, in the meantime
     */
    @Transactional(TxType.MANDATORY)
    Optional<Account> hold(Passed passed, String address, String application) {
        var account = accounts.lock(passed.password().userId());
        var refusal = account.refusal(passed.password().since(), clock.instant());
        if (refusal != null) {
            attempts.fail(passed.attempt(), refusal, address, application);
            return Optional.empty();
        }
        return Optional.of(account);
    }

    private record Compared(Attempt attempt, @Nullable Passed passed) {}

    private Compared compare(String email, String password) {
        var attempt = attempts.begin(email);
        var candidate = attempt.candidate();
        if (!hasher.matches(password, candidate == null ? null : candidate.hash()) || candidate == null) {
            return new Compared(attempt, null);
        }
        var newHash = hasher.renewed(password, candidate.hash());
        return new Compared(attempt, new Passed(attempt, candidate, newHash));
    }
}
