package io.bulwark.auth.account;

import io.bulwark.events.Envelope;
import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.ClientAddress;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.problem.Problem;
import io.quarkus.narayana.jta.QuarkusTransaction;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.validation.Valid;
import jakarta.validation.constraints.NotNull;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import java.time.InstantSource;
import java.util.UUID;

/** What people see and change of themselves. */
@Path("/api/v1/me")
class MeResource {
    private final Accounts accounts;
    private final PasswordCheck check;
    private final PasswordHasher hasher;
    private final PasswordPolicy policy;
    private final Caller caller;
    private final ClientAddress address;
    private final AuditTrail trail;
    private final InstantSource clock;

    MeResource(
            Accounts accounts,
            PasswordCheck check,
            PasswordHasher hasher,
            PasswordPolicy policy,
            Caller caller,
            ClientAddress address,
            AuditTrail trail,
            InstantSource clock) {
        this.accounts = accounts;
        this.check = check;
        this.hasher = hasher;
        this.policy = policy;
        this.caller = caller;
        this.address = address;
        this.trail = trail;
        this.clock = clock;
    }

    record PasswordChange(
            @NotNull String currentPassword, @NotNull String newPassword) {
        @Override
        public String toString() {
            return "PasswordChange[]";
        }
    }

    @GET
    @RolesAllowed(Roles.USER)
    @Transactional
    public UserView me() {
        return UserView.of(accounts.get(userId()), clock.instant());
    }

    /** Ends every session and token of the caller, this call's too: whoever knew the old password is out. */
    @PUT
    @Path("/password")
    @RolesAllowed({Roles.USER, PasswordChangeDue.ROLE})
    @Transactional(dontRollbackOn = WrongPassword.class)
    @Audited("password.change")
    public void changePassword(@NotNull @Valid PasswordChange change) {
        var id = userId();
        // Transactions of their own: none may hold a connection while passwords are hashed.
        var email =
                QuarkusTransaction.requiringNew().call(() -> accounts.get(id).email());
        var objection = policy.objection(change.newPassword(), email);
        if (objection != null) {
            throw new WeakPassword(objection);
        }
        if (PasswordPolicy.normalise(change.newPassword()).equals(PasswordPolicy.normalise(change.currentPassword()))) {
            throw new WeakPassword("must differ from the current one");
        }
        var from = address.current().toString();
        var passed = check.check(email, change.currentPassword(), from, Envelope.OWN_APPLICATION)
                .orElseThrow(WrongPassword::new);
        var hash = hasher.hash(change.newPassword());
        var account = check.hold(passed, from, Envelope.OWN_APPLICATION).orElseThrow(WrongPassword::new);
        account.changePassword(hash, clock.instant());
        accounts.endAccess(id, "the password was changed");
        trail.target(id.toString());
    }

    /** A machine with the role {@code user} is nobody here. */
    private UUID userId() {
        try {
            return UUID.fromString(caller.id());
        } catch (IllegalArgumentException e) {
            throw Problem.notFound("user");
        }
    }
}
