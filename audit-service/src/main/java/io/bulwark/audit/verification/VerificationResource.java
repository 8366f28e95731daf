package io.bulwark.audit.verification;

import io.bulwark.kit.access.Caller;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import io.bulwark.kit.problem.Problem;
import io.quarkus.narayana.jta.runtime.TransactionConfiguration;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.sql.SQLException;

/** Has the whole log read again and says what was changed behind its back. */
@Path("/api/v1/verify")
class VerificationResource {
    private final Verifications verifications;
    private final Caller caller;
    private final AuditTrail trail;

    VerificationResource(Verifications verifications, Caller caller, AuditTrail trail) {
        this.verifications = verifications;
        this.caller = caller;
        this.trail = trail;
    }

    /** Answers when the whole log is read: about a minute for five million entries. */
    @POST
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN, Roles.OPERATOR})
    @Audited("log.verify")
    @Transactional
    @TransactionConfiguration(timeout = Verifications.LONGEST_SECONDS)
    public Verification verify() throws SQLException {
        var verification = verifications.run(caller.id());
        trail.target("audit-log")
                .detail("size", Long.toString(verification.size()))
                .detail("root", verification.root())
                .detail("findings", Long.toString(verification.findingCount()));
        return verification;
    }

    /** The latest result. */
    @GET
    @RolesAllowed({Roles.AUDITOR, Roles.ADMIN, Roles.OPERATOR, Roles.RESPONDER})
    public Verification latest() throws SQLException {
        return verifications.latest().orElseThrow(() -> Problem.notFound("verification: none was run yet"));
    }
}
