package io.bulwark.auth.client;

import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Sessions;
import io.bulwark.kit.problem.Problem;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;

/** All machine clients. */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class Clients {
    private final EntityManager entities;
    private final RevocationLedger ledger;
    private final Sessions sessions;
    private final InstantSource clock;

    Clients(EntityManager entities, RevocationLedger ledger, Sessions sessions, InstantSource clock) {
        this.entities = entities;
        this.ledger = ledger;
        this.sessions = sessions;
        this.clock = clock;
    }

    /** A client that was not deleted. */
    public Optional<Client> find(String id) {
        return Optional.ofNullable(entities.find(Client.class, id)).filter(client -> !client.isDeleted());
    }

    /** As the database says at this moment, whatever was read before. */
    public boolean exists(String id) {
        return entities.createQuery("select count(*) from Client where id = :id and deletedAt is null", Long.class)
                        .setParameter("id", id)
                        .getSingleResult()
                > 0;
    }

    List<Client> list(String after, int limit) {
        return entities.createQuery("from Client where id > :after and deletedAt is null order by id", Client.class)
                .setParameter("after", after)
                .setMaxResults(limit)
                .getResultList();
    }

    /** @throws ClientIdTaken also where it belonged to a client that was deleted */
    void add(Client client) {
        lockRegistry();
        if (entities.find(Client.class, client.id()) != null) {
            throw new ClientIdTaken();
        }
        entities.persist(client);
        ledger.openClient(client.id());
    }

    /** Makes the client or brings it to this state; what was issued before a change ends. */
    void put(Client wanted, String secret) {
        lockRegistry();
        var known = entities.find(Client.class, wanted.id(), LockModeType.PESSIMISTIC_WRITE);
        if (known == null) {
            entities.persist(wanted);
            ledger.openClient(wanted.id());
        } else if (known.become(wanted.roles(), wanted.application(), secret)) {
            endAccess(known.id(), "the client was changed");
        }
    }

    /** @throws Problem 404 */
    void delete(String id) {
        var client = Optional.ofNullable(entities.find(Client.class, id, LockModeType.PESSIMISTIC_WRITE))
                .filter(found -> !found.isDeleted())
                .orElseThrow(() -> Problem.notFound("client"));
        client.delete(clock.instant());
        endAccess(id, "the client was deleted");
    }

    private void endAccess(String id, String reason) {
        ledger.revokeClient(id, reason);
        sessions.endAllThrough(id, reason);
    }

    private void lockRegistry() {
        entities.createNativeQuery("select pg_advisory_xact_lock(hashtext('auth.clients'))")
                .getSingleResult();
    }
}
