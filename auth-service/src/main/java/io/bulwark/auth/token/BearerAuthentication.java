package io.bulwark.auth.token;

import io.bulwark.auth.account.PasswordChangeDue;
import io.quarkus.oidc.AccessTokenCredential;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.jwt.auth.principal.DefaultJWTCallerPrincipal;
import io.smallrye.mutiny.Uni;
import io.vertx.core.http.HttpHeaders;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.InvalidJwtException;

/**
 * Who calls, by a bearer token that is checked in this process: the issuer needs no issuer. The other services do the
 * same with the kit's OpenID Connect support.
 */
@ApplicationScoped
class BearerAuthentication implements HttpAuthenticationMechanism {
    private static final String BEARER = "Bearer ";
    private static final int UNAUTHORIZED = 401;

    private final TokenCheck check;

    BearerAuthentication(TokenCheck check) {
        this.check = check;
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext context, IdentityProviderManager identityProviders) {
        var header = context.request().getHeader(HttpHeaders.AUTHORIZATION);
        if (header == null || !header.regionMatches(true, 0, BEARER, 0, BEARER.length())) {
            return Uni.createFrom().nullItem();
        }
        try {
            var token = header.substring(BEARER.length()).strip();
            return Uni.createFrom().item(identity(token, check.verify(token)));
        } catch (InvalidJwtException | MalformedClaimException e) {
            return Uni.createFrom().failure(new AuthenticationFailedException("The token is not valid"));
        }
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext context) {
        return Uni.createFrom().item(new ChallengeData(UNAUTHORIZED, "WWW-Authenticate", "Bearer"));
    }

    private static SecurityIdentity identity(String token, JwtClaims claims) throws MalformedClaimException {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new DefaultJWTCallerPrincipal(claims))
                .addCredential(new AccessTokenCredential(token))
                .addRoles(roles(claims))
                .build();
    }

    private static Set<String> roles(JwtClaims claims) throws MalformedClaimException {
        if (claims.getAudience().contains(TokenCheck.PASSWORD_AUDIENCE)) {
            return Set.of(PasswordChangeDue.ROLE);
        }
        return claims.hasClaim("groups") ? Set.copyOf(claims.getStringListClaimValue("groups")) : Set.of();
    }
}
