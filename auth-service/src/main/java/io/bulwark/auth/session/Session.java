package io.bulwark.auth.session;

import io.bulwark.events.EventIds;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import java.time.Duration;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** What a sign-in opened; it lives while its refresh tokens are used in time, and never longer than its absolute end. */
@Entity
public class Session {
    /** What a refresh token that comes in is worth. */
    enum Presented {
        ACCEPTED,
        /** It was used before: one of the two who hold it is a thief. */
        REUSED,
        DEAD
    }

    @Id
    private UUID id;

    private UUID accountId;
    private @Nullable String clientId;
    private String application;
    private String address;
    private Instant createdAt;
    private Instant lastUsedAt;
    private Instant expiresAt;
    private @Nullable Instant endedAt;
    private @Nullable String endReason;

    @SuppressWarnings("NullAway.Init")
    protected Session() {}

    Session(
            UUID accountId,
            @Nullable String clientId,
            String application,
            String address,
            Instant now,
            Duration absolute) {
        this.id = EventIds.next();
        this.accountId = accountId;
        this.clientId = clientId;
        this.application = application;
        this.address = address;
        this.createdAt = now;
        this.lastUsedAt = now;
        this.expiresAt = now.plus(absolute);
    }

    /** Uses a refresh token of this session, which must be locked. */
    Presented present(RefreshToken token, Duration idle, Instant now) {
        if (!isAlive(idle, now)) {
            return Presented.DEAD;
        }
        if (token.isUsed()) {
            return Presented.REUSED;
        }
        token.use(now);
        lastUsedAt = now;
        return Presented.ACCEPTED;
    }

    boolean isAlive(Duration idle, Instant now) {
        return endedAt == null && now.isBefore(expiresAt) && now.isBefore(lastUsedAt.plus(idle));
    }

    /** @return false where it had ended before */
    boolean end(String reason, Instant now) {
        if (endedAt != null) {
            return false;
        }
        endedAt = now;
        endReason = reason;
        return true;
    }

    public UUID id() {
        return id;
    }

    public UUID accountId() {
        return accountId;
    }

    public @Nullable String clientId() {
        return clientId;
    }

    public String application() {
        return application;
    }

    public String address() {
        return address;
    }

    public Instant createdAt() {
        return createdAt;
    }

    public Instant lastUsedAt() {
        return lastUsedAt;
    }

    public Instant expiresAt() {
        return expiresAt;
    }

    @Nullable
    String endReason() {
        return endReason;
    }
}
