package io.bulwark.auth.token;

import io.bulwark.auth.account.Account;
import io.bulwark.auth.account.Accounts;
import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.ClientAuthentication;
import io.bulwark.auth.client.InvalidClient;
import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Session;
import io.bulwark.auth.session.Sessions;
import io.bulwark.auth.token.PresentedTokens.AccessFacts;
import io.bulwark.kit.audit.AuditTrail;
import io.bulwark.kit.audit.NotAudited;
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
    private final Accounts accounts;
    private final AuditTrail trail;

    RevocationResource(
            ClientAuthentication authentication,
            PresentedTokens tokens,
            Sessions sessions,
            RevocationLedger ledger,
            Accounts accounts,
            AuditTrail trail) {
        this.authentication = authentication;
        this.tokens = tokens;
        this.sessions = sessions;
        this.ledger = ledger;
        this.accounts = accounts;
        this.trail = trail;
    }

    @POST
    @Consumes(MediaType.APPLICATION_FORM_URLENCODED)
    @PermitAll
    @Transactional
    @NotAudited("recorded where it ends something: anybody may send rubbish")
    public Response revoke(
            MultivaluedMap<String, String> parameters,
            @HeaderParam(HttpHeaders.AUTHORIZATION) @Nullable String authorization) {
        var form = new OAuthForm(parameters, authorization);
        var token = form.required("token");
        try {
            var client = form.client(authentication).map(Client::id).orElse(null);
            sessions.of(token)
                    .ifPresentOrElse(
                            session -> end(session, client),
                            () -> tokens.access(token).ifPresent(facts -> end(facts, client)));
        } catch (InvalidClient e) {
            throw OAuthRefusal.invalidClient();
        }
        return Response.ok().header("Cache-Control", "no-store").build();
    }

    private void end(Session session, @Nullable String client) {
        if (mayEnd(client, session.clientId()) && sessions.end(session.id(), REASON)) {
            var email = accounts.find(session.accountId()).map(Account::email).orElse(null);
            record(session.accountId().toString(), email, session.id().toString());
        }
    }

    private void end(AccessFacts facts, @Nullable String client) {
        // A machine's token, or one for a password change, has a session id without a session.
        if (mayEnd(client, facts.clientId())
                && (sessions.end(UUID.fromString(facts.sessionId()), REASON)
                        || (tokens.holds(facts) && ledger.revokeSession(facts.sessionId(), REASON)))) {
            var claims = facts.claims();
            var name = facts.userId() == null ? facts.clientId() : claims.getClaimValueAsString("email");
            record(claims.getClaimValueAsString("sub"), name, facts.sessionId());
        }
    }

    private void record(String actorId, @Nullable String actorName, String sessionId) {
        trail.recordFor(actorId, actorName, "token.revoke", sessionId);
    }

    private static boolean mayEnd(@Nullable String client, @Nullable String owner) {
        return owner == null || owner.equals(client);
    }
}
