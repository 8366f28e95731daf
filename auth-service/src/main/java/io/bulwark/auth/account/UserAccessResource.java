package io.bulwark.auth.account;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.auth.session.Session;
import io.bulwark.auth.session.Sessions;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.outbox.Outbox;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.Pattern;
import jakarta.validation.constraints.Size;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.UUID;
import org.jboss.resteasy.reactive.ResponseHeader;
import org.jspecify.annotations.Nullable;

/** The access of one user: its end, its lockout, its password, its sessions. */
@Path("/api/v1/users/{id}")
class UserAccessResource {
    private final Accounts accounts;
    private final Sessions sessions;
    private final PasswordHasher hasher;
    private final Outbox outbox;
    private final Caller caller;
    private final AuditTrail trail;
    private final InstantSource clock;

    UserAccessResource(
            Accounts accounts,
            Sessions sessions,
            PasswordHasher hasher,
            Outbox outbox,
            Caller caller,
            AuditTrail trail,
            InstantSource clock) {
        this.accounts = accounts;
        this.sessions = sessions;
        this.hasher = hasher;
        this.outbox = outbox;
        this.caller = caller;
        this.trail = trail;
        this.clock = clock;
    }

    record Offboarding(
            @Size(max = 500) @Pattern(regexp = Email.PRINTABLE, message = "must be printable text") @Nullable
            String reason) {}

    /** @param temporaryPassword shown this once; good until then, and to be changed at the next sign-in */
    record ResetPassword(String temporaryPassword, @Nullable Instant temporaryPasswordExpiresAt) {
        @Override
        public String toString() {
            return "ResetPassword[" + temporaryPasswordExpiresAt + "]";
        }
    }

    /** A living session. */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record SessionView(
            UUID id,
            String application,
            @Nullable String clientId,
            String address,
            Instant createdAt,
            Instant lastUsedAt,
            Instant expiresAt) {
        static SessionView of(Session session) {
            return new SessionView(
                    session.id(),
                    session.application(),
                    session.clientId(),
                    session.address(),
                    session.createdAt(),
                    session.lastUsedAt(),
                    session.expiresAt());
        }
    }

    record SessionList(List<SessionView> items) {}

    /** Ends all access at once; the account and its address remain, so that the record keeps its meaning. */
    @POST
    @Path("/offboard")
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("user.offboard")
    public UserView offboard(@PathParam("id") UUID id, @Valid @Nullable Offboarding offboarding) {
        accounts.lockAdministration();
        var account = accounts.lock(id);
        trail.target(id.toString()).detail("email", account.email());
        if (account.isActive()) {
            accounts.requireAnotherAdmin(account);
            var given = offboarding == null ? null : offboarding.reason();
            var reason = given == null || given.isBlank() ? "offboarded" : given.strip();
            account.disable(caller.id(), reason, clock.instant());
            accounts.endAccess(id, "the account was disabled");
            trail.detail("reason", reason);
        }
        return UserView.of(account, clock.instant());
    }

    @POST
    @Path("/unlock")
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("user.unlock")
    public UserView unlock(@PathParam("id") UUID id) {
        var account = accounts.lock(id);
        trail.target(id.toString()).detail("email", account.email());
        if (account.unlock(clock.instant())) {
            outbox.publish(new AccountUnlocked(id.toString(), account.email(), caller.id()));
        }
        return UserView.of(account, clock.instant());
    }

    @POST
    @Path("/reset-password")
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("user.reset-password")
    @ResponseHeader(name = "Cache-Control", value = "no-store")
    public ResetPassword resetPassword(@PathParam("id") UUID id) {
        var password = hasher.temporary();
        var account = accounts.lock(id);
        trail.target(id.toString()).detail("email", account.email());
        account.resetPassword(password, clock.instant());
        accounts.endAccess(id, "the password was reset");
        return new ResetPassword(password.plain(), password.expiresAt());
    }

    @GET
    @Path("/sessions")
    @RolesAllowed({Roles.ADMIN, Roles.AUDITOR})
    @Transactional
    public SessionList sessions(@PathParam("id") UUID id) {
        accounts.get(id);
        return new SessionList(
                sessions.aliveOf(id).stream().map(SessionView::of).toList());
    }

    @DELETE
    @Path("/sessions")
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("user.end-sessions")
    public void endSessions(@PathParam("id") UUID id) {
        var account = accounts.lock(id);
        trail.target(id.toString()).detail("email", account.email());
        accounts.endAccess(id, "the sessions were ended");
    }
}
