package io.bulwark.auth.session;

import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import jakarta.annotation.security.RolesAllowed;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.Path;

/** Everybody's sessions at once: the guide's "force logout of all users". */
@Path("/api/v1/sessions")
class SessionResource {
    private final Sessions sessions;
    private final AuditTrail trail;

    SessionResource(Sessions sessions, AuditTrail trail) {
        this.sessions = sessions;
        this.trail = trail;
    }

    record Ended(int sessions) {}

    @DELETE
    @RolesAllowed(Roles.ADMIN)
    @Transactional
    @Audited("session.end-all")
    public Ended endAll() {
        var ended = sessions.endEverything("all sessions were ended");
        trail.target("all").detail("sessions", Integer.toString(ended));
        return new Ended(ended);
    }
}
