package io.bulwark.auth.token;

import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.ClientAuthentication;
import io.bulwark.auth.client.InvalidClient;
import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Sessions;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.Audited;
import jakarta.annotation.security.PermitAll;
import jakarta.transaction.Transactional;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.MultivaluedMap;
import jakarta.ws.rs.core.Response;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Giving a token back (RFC 7009): signing out. Either kind ends the whole session. What is no token of the caller's is
 * answered like one that was revoked.
 */
@Path("/oauth2/revoke")
class RevocationResource {
    private static final String REASON = "the token was revoked by its holder";

    private final ClientAuthentication authentication;
    private final PresentedTokens tokens;
    private final Sessions sessions;
    private final RevocationLedger ledger;
    private final AuditTrail trail;

    RevocationResource(
            ClientAuthentication authentication,
            PresentedTokens tokens,
            Sessions sessions,
            RevocationLedger ledger,
            AuditTrail trail) {
        this.authentication = authentication;
        this.tokens = tokens;
        this.sessions = sessions;
        this.ledger = ledger;
        this.trail = trail;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @PermitAll
    @Transactional
    @Audited("token.revoke")
    public Response revoke(
            MultivaluedMap<String, String> parameters,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var form = new OAuthForm(parameters, authorization);
        var token = form.required("token");
        try {
            var client = form.client(authentication).map(Client::id).orElse(null);
            if (!revokeRefresh(token, client)) {
                revokeAccess(token, client);
            }
        } catch (InvalidClient e) {
            throw OAuthRefusal.invalidClient();
        }
        return Response.ok().header("Cache-Control", "no-store").build();
    }

    private boolean revokeRefresh(String token, @Nullable String client) {
        var found = sessions.of(token);
        found.filter(session -> session.clientId() == null || session.clientId().equals(client))
                .ifPresent(session -> {
                    trail.actor(session.accountId().toString(), null)
                            .target(session.id().toString());
                    sessions.end(session.id(), REASON);
                });
        return found.isPresent();
    }

    private void revokeAccess(String token, @Nullable String client) {
        tokens.access(token)
                .filter(facts -> facts.clientId() == null || facts.clientId().equals(client))
                .ifPresent(facts -> {
                    var actor = facts.userId() == null ? client : facts.userId().toString();
                    trail.actor(String.valueOf(actor), null).target(facts.sessionId());
                    sessions.end(UUID.fromString(facts.sessionId()), REASON);
                    // A machine's token, or one for a password change, has a session id without a session.
                    ledger.revokeSession(facts.sessionId(), REASON);
                });
    }
}
