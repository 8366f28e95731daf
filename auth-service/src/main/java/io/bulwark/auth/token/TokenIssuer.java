package io.bulwark.auth.token;

import io.bulwark.auth.AuthConfig;
import io.bulwark.auth.account.Account;
import io.bulwark.auth.client.Client;
import io.bulwark.auth.client.Clients;
import io.bulwark.auth.client.InvalidClient;
import io.bulwark.auth.revocation.Generations;
import io.bulwark.auth.revocation.RevocationLedger;
import io.bulwark.auth.session.Session;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.transaction.Transactional;
import jakarta.transaction.Transactional.TxType;
import java.time.InstantSource;
import java.util.Map;
import org.jose4j.jws.JsonWebSignature;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.lang.JoseException;
import org.jspecify.annotations.Nullable;

/**
 * Issues access tokens (RFC 9068). The generations are read in the issuing transaction under shared locks, so that a
 * revocation that commits later always finds the token below its number.
 */
@ApplicationScoped
@Transactional(TxType.MANDATORY)
public class TokenIssuer {
    /** The client id of those who sign in without a client of their own. */
    static final String OWN_CLIENT = "bulwark";

    private final SigningKeys keys;
    private final RevocationLedger ledger;
    private final Clients clients;
    private final InstantSource clock;
    private final AuthConfig.Token config;

    TokenIssuer(SigningKeys keys, RevocationLedger ledger, Clients clients, InstantSource clock, AuthConfig config) {
        this.keys = keys;
        this.ledger = ledger;
        this.clients = clients;
        this.clock = clock;
        this.config = config.token();
    }

    /**
     * For a person in a session.
     *
     * @throws InvalidClient where the client they signed in through is gone
     */
    public AccessToken forUser(Account account, Session session) {
        var generations = ledger.lockCurrent(account.id(), session.clientId());
        requireClient(session.clientId());
        var claims = claims(account.id().toString(), session.clientId(), session.application(), generations);
        claims.setAudience(config.audience());
        claims.setStringListClaim("groups", account.roles());
        claims.setStringClaim("sid", session.id().toString());
        claims.setStringClaim("email", account.email());
        return sign(claims);
    }

    /** For a person who must change the password first: without roles, and for that alone. */
    public AccessToken forPasswordChange(Account account) {
        var generations = ledger.lockCurrent(account.id(), null);
        var claims = claims(account.id().toString(), null, Envelope.OWN_APPLICATION, generations);
        claims.setAudience(TokenCheck.PASSWORD_AUDIENCE);
        claims.setStringClaim("sid", claims.getClaimValueAsString("jti"));
        claims.setStringClaim("email", account.email());
        return sign(claims);
    }

    /**
     * For a machine; each token is a session of its own, so that it can be revoked alone.
     *
     * @param authenticated in an earlier transaction; it may have changed since
     * @throws InvalidClient where it is gone, or has another secret now
     */
    public AccessToken forClient(Client authenticated) {
        var generations = ledger.lockCurrent(null, authenticated.id());
        var client = clients.find(authenticated.id())
                .filter(authenticated::hasSameSecret)
                .orElseThrow(InvalidClient::new);
        var claims = claims(client.id(), client.id(), client.application(), generations);
        claims.setAudience(config.audience());
        claims.setStringListClaim("groups", client.roles());
        claims.setStringClaim("sid", claims.getClaimValueAsString("jti"));
        return sign(claims);
    }

    private void requireClient(@Nullable String clientId) {
        if (clientId != null && !clients.exists(clientId)) {
            throw new InvalidClient();
        }
    }

    private JwtClaims claims(String subject, @Nullable String clientId, String application, Generations generations) {
        var now = NumericDate.fromMilliseconds(clock.millis());
        var claims = new JwtClaims();
        claims.setIssuer(config.issuer());
        claims.setSubject(subject);
        claims.setJwtId(EventIds.next().toString());
        claims.setIssuedAt(now);
        claims.setExpirationTime(
                NumericDate.fromSeconds(now.getValue() + config.life().toSeconds()));
        claims.setStringClaim("client_id", clientId == null ? OWN_CLIENT : clientId);
        claims.setStringClaim("application", application);
        claims.setClaim(
                "gen",
                Map.of(
                        "all", generations.all(),
                        "user", generations.user(),
                        "client", generations.client()));
        return claims;
    }

    private AccessToken sign(JwtClaims claims) {
        var jws = new JsonWebSignature();
        jws.setPayload(claims.toJson());
        jws.setHeader("typ", "at+jwt");
        try {
            keys.sign(jws);
            return new AccessToken(jws.getCompactSerialization(), config.life().toSeconds());
        } catch (JoseException e) {
            throw new IllegalStateException(e);
        }
    }
}
