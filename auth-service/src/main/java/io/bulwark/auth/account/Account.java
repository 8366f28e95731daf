package io.bulwark.auth.account;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.bulwark.events.EventIds;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.kit.access.Roles;
import jakarta.persistence.Entity;
import jakarta.persistence.EnumType;
import jakarta.persistence.Enumerated;
import jakarta.persistence.Id;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A person. Everybody has the role {@code user}; the address stays taken when the person has left. */
@Entity
public class Account {
    enum Status {
        @JsonProperty("active")
        ACTIVE,
        @JsonProperty("disabled")
        DISABLED
    }

    @Id
    private UUID id;

    private String email;
    private String name;
    private List<String> roles;

    @Enumerated(EnumType.STRING)
    private Status status;

    private String passwordHash;
    private Instant passwordChangedAt;
    private boolean mustChangePassword;
    private @Nullable Instant passwordExpiresAt;
    private int failures;
    private @Nullable Instant failuresSince;
    private @Nullable Instant lockedUntil;
    private @Nullable Instant lastSignInAt;
    private @Nullable Instant disabledAt;
    private @Nullable String disabledBy;
    private @Nullable String disabledReason;
    private Instant createdAt;
    private int revision;

    @SuppressWarnings("NullAway.Init")
    protected Account() {}

    Account(String email, String name, Collection<String> roles, TemporaryPassword password, Instant now) {
        this.id = EventIds.next();
        this.email = email;
        this.name = name;
        this.roles = withUser(roles);
        this.status = Status.ACTIVE;
        this.passwordHash = password.hash();
        this.passwordChangedAt = now;
        this.mustChangePassword = true;
        this.passwordExpiresAt = password.expiresAt();
        this.createdAt = now;
    }

    /**
     * Counts an attempt before its password is looked at, so that parallel ones cannot outrun the limit. The one that
     * reaches the limit locks; if its password turns out to be right, {@link #signIn} opens the account again.
     */
    Attempt beginAttempt(LockoutPolicy policy, Instant now) {
        if (status == Status.DISABLED) {
            return Attempt.refused(this, Attempt.Refusal.DISABLED);
        }
        if (isLocked(now)) {
            return Attempt.refused(this, Attempt.Refusal.LOCKED);
        }
        failures = policy.sameWindow(failuresSince, now) ? failures + 1 : 1;
        if (failures == 1) {
            failuresSince = now;
        }
        if (!policy.locks(failures)) {
            return Attempt.admitted(this, null);
        }
        var counted = failures;
        lockedUntil = policy.until(now);
        failures = 0;
        failuresSince = null;
        return Attempt.admitted(this, new Attempt.Lock(counted, lockedUntil));
    }

    /** @return why the password that was found right is no longer good for signing in; null where it is */
    @Nullable
    Reason refusal(Instant passwordSince, Instant now) {
        if (status == Status.DISABLED) {
            return Reason.ACCOUNT_DISABLED;
        }
        if (!passwordChangedAt.equals(passwordSince)) {
            return Reason.WRONG_PASSWORD;
        }
        return passwordExpiresAt != null && !now.isBefore(passwordExpiresAt) ? Reason.PASSWORD_EXPIRED : null;
    }

    /** @param newHash the same password under today's parameters; null where the stored ones will do */
    void signIn(@Nullable String newHash, Instant now) {
        lastSignInAt = now;
        if (newHash != null) {
            passwordHash = newHash;
        }
        forgetFailures();
    }

    void changePassword(String hash, Instant now) {
        passwordHash = hash;
        passwordChangedAt = now;
        mustChangePassword = false;
        passwordExpiresAt = null;
        forgetFailures();
    }

    void resetPassword(TemporaryPassword password, Instant now) {
        if (status == Status.DISABLED) {
            throw new AccountDisabled();
        }
        passwordHash = password.hash();
        passwordChangedAt = now;
        mustChangePassword = true;
        passwordExpiresAt = password.expiresAt();
        forgetFailures();
        revision++;
    }

    void disable(String by, String reason, Instant now) {
        status = Status.DISABLED;
        disabledAt = now;
        disabledBy = by;
        disabledReason = reason;
        revision++;
    }

    /** @return false where it was not locked */
    boolean unlock(Instant now) {
        var wasLocked = isLocked(now);
        forgetFailures();
        return wasLocked;
    }

    void rename(String newName) {
        name = newName;
        revision++;
    }

    /** @return true where a role was taken away */
    boolean assign(Collection<String> newRoles) {
        var assigned = withUser(newRoles);
        var lost = !assigned.containsAll(roles);
        roles = assigned;
        revision++;
        return lost;
    }

    boolean isActive() {
        return status == Status.ACTIVE;
    }

    boolean isAdmin() {
        return roles.contains(Roles.ADMIN);
    }

    boolean isLocked(Instant now) {
        return lockedUntil != null && now.isBefore(lockedUntil);
    }

    public UUID id() {
        return id;
    }

    public String email() {
        return email;
    }

    public List<String> roles() {
        return roles;
    }

    public boolean mustChangePassword() {
        return mustChangePassword;
    }

    String name() {
        return name;
    }

    String passwordHash() {
        return passwordHash;
    }

    Instant passwordChangedAt() {
        return passwordChangedAt;
    }

    int revision() {
        return revision;
    }

    Status status() {
        return status;
    }

    Instant createdAt() {
        return createdAt;
    }

    @Nullable
    Instant lockedUntil() {
        return lockedUntil;
    }

    @Nullable
    Instant lastSignInAt() {
        return lastSignInAt;
    }

    @Nullable
    Instant disabledAt() {
        return disabledAt;
    }

    @Nullable
    String disabledBy() {
        return disabledBy;
    }

    @Nullable
    String disabledReason() {
        return disabledReason;
    }

    private void forgetFailures() {
        failures = 0;
        failuresSince = null;
        lockedUntil = null;
    }

    private static List<String> withUser(Collection<String> roles) {
        var all = new TreeSet<>(roles);
        all.add(Roles.USER);
        return new ArrayList<>(all);
    }
}
