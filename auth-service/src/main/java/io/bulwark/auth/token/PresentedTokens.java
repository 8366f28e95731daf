package io.bulwark.auth.token;

import io.bulwark.auth.account.Accounts;
import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.Clients;
import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Session;
import io.bulwark.auth.session.Sessions;
import io.bulwark.auth.token.IntrospectionResource.Introspection;
import io.bulwark.events.Envelope;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jspecify.annotations.Nullable;

/**
 * Tokens that a client shows us, access or refresh. Judged by the database, which knows of a revocation before the topic
 * does.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
class PresentedTokens {
    private final TokenCheck check;
    private final RevocationLedger ledger;
    private final Sessions sessions;
    private final Accounts accounts;
    private final Clients clients;

    PresentedTokens(TokenCheck check, RevocationLedger ledger, Sessions sessions, Accounts accounts, Clients clients) {
        this.check = check;
        this.ledger = ledger;
        this.sessions = sessions;
        this.accounts = accounts;
        this.clients = clients;
    }

    /**
     * What a token says of itself.
     *
     * @param userId null where it is a machine's
     * @param clientId null where somebody signed in without a client
     */
    record AccessFacts(
            JwtClaims claims,
            String sessionId,
            @Nullable UUID userId,
            @Nullable String clientId,
            String application) {}

    Introspection introspect(String token, Client asking) {
        return access(token)
                .filter(this::holds)
                .filter(facts -> mayKnow(asking, facts.clientId(), facts.application()))
                .map(PresentedTokens::describe)
                .or(() -> sessions.refreshableBy(token)
                        .filter(session ->
                                accounts.findActive(session.accountId()).isPresent())
                        .filter(session -> mayKnow(asking, session.clientId(), session.application()))
                        .map(PresentedTokens::describe))
                .orElse(Introspection.INACTIVE);
    }

    /** An access token with a good signature that has not expired. */
    Optional<AccessFacts> access(String token) {
        try {
            var claims = check.verify(token);
            var subject = claims.getSubject();
            var clientId = claims.getStringClaimValue("client_id");
            var machine = subject.equals(clientId);
            return Optional.of(new AccessFacts(
                    claims,
                    claims.getStringClaimValue("sid"),
                    machine ? null : UUID.fromString(subject),
                    TokenIssuer.OWN_CLIENT.equals(clientId) ? null : clientId,
                    claims.getStringClaimValue("application")));
        } catch (InvalidJwtException | MalformedClaimException e) {
            return Optional.empty();
        }
    }

    /** Whether nothing has ended it: neither a revocation nor the end of whom it was issued to. */
    boolean holds(AccessFacts facts) {
        var now = ledger.current(facts.userId(), facts.clientId());
        return generation(facts, "all") >= now.all()
                && generation(facts, "user") >= now.user()
                && generation(facts, "client") >= now.client()
                && !ledger.isSessionRevoked(facts.sessionId())
                && (facts.userId() == null
                        || accounts.findActive(facts.userId()).isPresent())
                && (facts.clientId() == null || clients.exists(facts.clientId()));
    }

    /** The suite's own machines are every token's audience; others learn only of those issued to them or their application. */
    private static boolean mayKnow(Client asking, @Nullable String clientId, String application) {
        return asking.application().equals(Envelope.OWN_APPLICATION)
                || asking.application().equals(application)
                || asking.id().equals(clientId);
    }

    private static long generation(AccessFacts facts, String of) {
        return facts.claims().getClaimValue("gen") instanceof Map<?, ?> generations
                        && generations.get(of) instanceof Number number
                ? number.longValue()
                : -1;
    }

    private static Introspection describe(AccessFacts facts) {
        var claims = facts.claims();
        try {
            return new Introspection(
                    true,
                    "Bearer",
                    claims.getIssuer(),
                    claims.getSubject(),
                    claims.getStringClaimValue("client_id"),
                    claims.getAudience().getFirst(),
                    claims.getExpirationTime().getValue(),
                    claims.getIssuedAt().getValue(),
                    claims.getJwtId(),
                    claims.hasClaim("groups") ? claims.getStringListClaimValue("groups") : List.of(),
                    facts.application());
        } catch (MalformedClaimException e) {
            throw new IllegalStateException(e);
        }
    }

    private static Introspection describe(Session session) {
        return new Introspection(
                true,
                null,
                null,
                session.accountId().toString(),
                session.clientId() == null ? TokenIssuer.OWN_CLIENT : session.clientId(),
                null,
                session.expiresAt().getEpochSecond(),
                session.createdAt().getEpochSecond(),
                null,
                null,
                session.application());
    }
}
