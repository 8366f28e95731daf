package io.bulwark.ratelimit.gateway;

import io.bulwark.events.EventIds;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.UUID;

/** Who may ask for decisions about one application, known by a static key of which only the hash is kept. */
@Entity
public class Gateway {
    @Id
    private UUID id;

    private String name;
    private String application;
    private byte[] keyHash;
    private Instant registeredAt;
    private String registeredBy;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Gateway() {}

    Gateway(String name, String application, GatewayKey key, String registeredBy, Instant registeredAt) {
        this.id = EventIds.next();
        this.name = name;
        this.application = application;
        this.keyHash = key.hash();
        this.registeredBy = registeredBy;
        this.registeredAt = registeredAt.truncatedTo(ChronoUnit.MICROS);
    }

    public UUID id() {
        return id;
    }

    public String name() {
        return name;
    }

    public String application() {
        return application;
    }

    byte[] keyHash() {
        return keyHash;
    }

    Instant registeredAt() {
        return registeredAt;
    }

    String registeredBy() {
        return registeredBy;
    }
}
