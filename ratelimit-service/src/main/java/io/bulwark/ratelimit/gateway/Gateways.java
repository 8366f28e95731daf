package io.bulwark.ratelimit.gateway;

import io.bulwark.ratelimit.database.Database;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Event;
import jakarta.persistence.EntityManager;
import jakarta.persistence.LockModeType;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** All registered gateways. */
@ApplicationScoped
class Gateways {
    private final EntityManager entities;
    private final Database database;
    private final Event<Registered> registered;
    private final Event<Removed> removed;

    Gateways(EntityManager entities, Database database, Event<Registered> registered, Event<Removed> removed) {
        this.entities = entities;
        this.database = database;
        this.registered = registered;
        this.removed = removed;
    }

    /** From now on its key works, with these settings. */
    record Registered(Gateway gateway) {}

    /** From now on its key does not work. */
    record Removed(Gateway gateway) {}

    /** @throws GatewayExists where another has its name */
    void register(Gateway gateway) {
        if (isTaken(gateway.name())) {
            throw new GatewayExists(gateway.name());
        }
        entities.persist(gateway);
        registered.fire(new Registered(gateway));
    }

    Optional<Gateway> remove(UUID id) {
        var gateway = lock(id);
        gateway.ifPresent(found -> {
            entities.remove(found);
            removed.fire(new Removed(found));
        });
        return gateway;
    }

    /** Its settings change; held until the transaction ends. */
    Optional<Gateway> lock(UUID id) {
        return Optional.ofNullable(entities.find(Gateway.class, id, LockModeType.PESSIMISTIC_WRITE));
    }

    /** Writes what was changed, so that its version is the new one, and tells of it. */
    void changed(Gateway gateway) {
        entities.flush();
        registered.fire(new Registered(gateway));
    }

    Optional<Gateway> find(UUID id) {
        return Optional.ofNullable(entities.find(Gateway.class, id));
    }

    List<Gateway> all() {
        return entities.createQuery("from Gateway", Gateway.class).getResultList();
    }

    List<Gateway> list(@Nullable String afterName, int limit) {
        return entities.createQuery("from Gateway where name > :after order by name", Gateway.class)
                .setParameter("after", afterName == null ? "" : afterName)
                .setMaxResults(limit)
                .getResultList();
    }

    /** Holds the name until the transaction ends, so that of two that come together one is told. */
    private boolean isTaken(String name) {
        database.hold("gateway " + name);
        return !entities.createQuery("from Gateway where name = :name", Gateway.class)
                .setParameter("name", name)
                .getResultList()
                .isEmpty();
    }
}
