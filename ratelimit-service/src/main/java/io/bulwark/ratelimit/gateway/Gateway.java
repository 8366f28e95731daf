package io.bulwark.ratelimit.gateway;

import io.bulwark.events.EventIds;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

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

    @Nullable
    private Integer hops;

    private List<String> ownAddresses;

    @Nullable
    private String addressHeader;

    @Enumerated(EnumType.STRING)
    private Undecided undecided;

    @Enumerated(EnumType.STRING)
    private HeaderProfile headerProfile;

    @Nullable
    private String authenticatedHeader;

    @Version
    private int version;

    @Transient
    @Nullable
    private volatile GatewayProfile profile;

    /** For Hibernate. */
    @SuppressWarnings("NullAway.Init")
    protected Gateway() {}

    @SuppressWarnings("NullAway.Init") // the rest is agree()'s
    Gateway(
            String name,
            String application,
            GatewayKey key,
            GatewaySettings settings,
            String registeredBy,
            Instant registeredAt) {
        this.id = EventIds.next();
        this.name = name;
        this.application = application;
        this.keyHash = key.hash();
        this.registeredBy = registeredBy;
        this.registeredAt = registeredAt.truncatedTo(ChronoUnit.MICROS);
        agree(settings);
    }

    /** From now on its word is worth this much. */
    final void agree(GatewaySettings settings) {
        settings.requireSense();
        hops = settings.hops();
        ownAddresses = List.copyOf(settings.ownAddresses());
        addressHeader = settings.addressHeader();
        undecided = settings.undecided();
        headerProfile = settings.headers();
        authenticatedHeader = settings.authenticatedHeader();
        profile = null;
    }

    GatewaySettings settings() {
        return new GatewaySettings(hops, ownAddresses, addressHeader, undecided, headerProfile, authenticatedHeader);
    }

    /** Its settings, ready for use on every request. */
    public GatewayProfile profile() {
        var known = profile;
        if (known == null) {
            known = GatewayProfile.of(application, settings());
            profile = known;
        }
        return known;
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

    /** What {@code ETag} says. */
    String tag() {
        return Integer.toString(version);
    }
}
