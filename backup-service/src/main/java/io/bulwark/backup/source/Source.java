package io.bulwark.backup.source;

import io.bulwark.backup.seal.BrokenSeal;
import io.bulwark.backup.seal.MasterKey;
import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.events.EventIds;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;

/** A registered database. Its credential can be used but not read back. */
@Entity
public class Source {
    /** What it may be called, and its application. */
    public static final String NAME = "[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?";

    public static final String NAME_MESSAGE = "must be 1 to 63 of a-z, 0-9 and -, - not at its ends";

    @Id
    private UUID id;

    private String name;
    private String application;
    private String host;
    private int port;
    private String databaseName;
    private String username;

    @Enumerated(EnumType.STRING)
    private DatabaseLogin.SslMode sslMode;

    private byte[] credential;
    private long everySeconds;
    private Instant createdAt;
    private String createdBy;

    @SuppressWarnings("NullAway.Init")
    protected Source() {}

    Source(String name, String application, Duration every, String createdBy, Instant now) {
        this.id = EventIds.next();
        this.name = name;
        this.application = application;
        this.everySeconds = every.toSeconds();
        this.createdBy = createdBy;
        this.createdAt = now;
    }

    /** True where this login is for the same database, whoever signs in. */
    boolean isAt(DatabaseLogin login) {
        return host.equals(login.host()) && port == login.port() && databaseName.equals(login.database());
    }

    /** From now on it is dumped from there. */
    void connect(DatabaseLogin login, MasterKey key) {
        host = login.host();
        port = login.port();
        databaseName = login.database();
        username = login.user();
        sslMode = login.sslMode();
        credential = key.sealCredential(login.password(), credentialOwner());
    }

    /** @throws BrokenSeal where the key file is not the one that sealed the credential */
    DatabaseLogin login(MasterKey key) throws BrokenSeal {
        var password = key.openCredential(credential, credentialOwner());
        return new DatabaseLogin(host, port, databaseName, username, password, sslMode);
    }

    public String name() {
        return name;
    }

    public String application() {
        return application;
    }

    /** How often it is backed up. */
    public Duration every() {
        return Duration.ofSeconds(everySeconds);
    }

    String host() {
        return host;
    }

    int port() {
        return port;
    }

    String databaseName() {
        return databaseName;
    }

    String username() {
        return username;
    }

    DatabaseLogin.SslMode sslMode() {
        return sslMode;
    }

    public Instant createdAt() {
        return createdAt;
    }

    String createdBy() {
        return createdBy;
    }

    /** The id takes part: a source that was deleted and registered again under its name has another. */
    private String credentialOwner() {
        return "source " + id;
    }
}
