package io.bulwark.auth.account;

import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Sessions;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** All people. Whoever changes one holds its row; where administrators may become fewer, their lock before it. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class Accounts {
    private final EntityManager entities;
    private final RevocationLedger ledger;
    private final Sessions sessions;

    Accounts(EntityManager entities, RevocationLedger ledger, Sessions sessions) {
        this.entities = entities;
        this.ledger = ledger;
        this.sessions = sessions;
    }

    public Optional<Account> find(UUID id) {
        return Optional.ofNullable(entities.find(Account.class, id));
    }

    /** Somebody who may sign in. */
    public Optional<Account> findActive(UUID id) {
        return find(id).filter(Account::isActive);
    }

    /** @throws Problem 404 */
    Account get(UUID id) {
        return find(id).orElseThrow(() -> Problem.notFound("user"));
    }

    /** @throws Problem 404 */
    Account lock(UUID id) {
        return Optional.ofNullable(entities.find(Account.class, id, LockModeType.PESSIMISTIC_WRITE))
                .orElseThrow(() -> Problem.notFound("user"));
    }

    Optional<Account> lockByEmail(String email) {
        return entities
                .createQuery("from Account where email = :email", Account.class)
                .setParameter("email", email)
                .setLockMode(LockModeType.PESSIMISTIC_WRITE)
                .getResultList()
                .stream()
                .findFirst();
    }

    /** In the order in which they were added. */
    List<Account> list(UUID after, String role, int limit) {
        return entities.createQuery(
                        "from Account where id > :after and array_contains(roles, :role) order by id", Account.class)
                .setParameter("after", after)
                .setParameter("role", role)
                .setMaxResults(limit)
                .getResultList();
    }

    /** @throws EmailTaken where somebody has, or had, this address */
    void add(Account account) {
        lockAdministration();
        if (isTaken(account.email())) {
            throw new EmailTaken();
        }
        entities.persist(account);
        ledger.openUser(account.id());
    }

    boolean isEmpty() {
        return entities.createQuery("from Account", Account.class)
                .setMaxResults(1)
                .getResultList()
                .isEmpty();
    }

    /** Serialises additions, and what may leave the suite without an administrator; taken before an account is locked. */
    void lockAdministration() {
        entities.createNativeQuery("select pg_advisory_xact_lock(hashtext('auth.administration'))")
                .getSingleResult();
    }

    /** @throws LastAdmin where nobody would be left */
    void requireAnotherAdmin(Account leaving) {
        if (leaving.isActive() && leaving.isAdmin() && !isAnotherAdmin(leaving.id())) {
            throw new LastAdmin();
        }
    }

    /**
     * Ends all that was issued to the user so far: sessions, refresh tokens, access tokens.
     *
     * @return how many sessions
     */
    public int endAccess(UUID userId, String reason) {
        ledger.revokeUser(userId, reason);
        return sessions.endAllOf(userId, reason);
    }

    private boolean isTaken(String email) {
        return entities.createQuery("select count(*) from Account where email = :email", Long.class)
                        .setParameter("email", email)
                        .getSingleResult()
                > 0;
    }

    private boolean isAnotherAdmin(UUID except) {
        return entities.createQuery(
                                "select count(*) from Account where status = :active and id <> :except"
                                        + " and array_contains(roles, :admin)",
                                Long.class)
                        .setParameter("active", Account.Status.ACTIVE)
                        .setParameter("except", except)
                        .setParameter("admin", Roles.ADMIN)
                        .getSingleResult()
                > 0;
    }
}
