package io.bulwark.kit.access;

import io.bulwark.kit.access.Revocations.TokenFacts;
import io.quarkus.arc.Unremovable;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Instant;
import java.util.HashMap;
import java.util.Map;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.MalformedClaimException;
import org.jose4j.jwt.consumer.JwtContext;
import org.jose4j.jwt.consumer.Validator;
import org.jspecify.annotations.Nullable;

/**
 * What a token must satisfy beside signature, issuer, audience and expiry, which OpenID Connect support checks: its type
 * (RFC 9068, section 4), so that an ID token is no access token, and that it was not revoked.
 */
@ApplicationScoped
@Unremovable
public class TokenRules implements Validator {
    private final Revocations revocations;
    private final String tokenType;

    TokenRules(Revocations revocations, @ConfigProperty(name = "bulwark.oidc.token-type") String tokenType) {
        this.revocations = revocations;
        this.tokenType = tokenType;
    }

    @Override
    public @Nullable String validate(JwtContext context) throws MalformedClaimException {
        var type = context.getJoseObjects().getFirst().getHeader("typ");
        if (!tokenType.equalsIgnoreCase(type)) {
            return "The token's type is not " + tokenType;
        }
        return revocations.refuses(facts(context.getJwtClaims())) ? "The token was revoked" : null;
    }

    private static TokenFacts facts(JwtClaims claims) throws MalformedClaimException {
        var issuedAt = claims.getIssuedAt();
        return new TokenFacts(
                String.valueOf(claims.getSubject()),
                claims.getStringClaimValue("client_id"),
                claims.getStringClaimValue("sid"),
                generations(claims.getClaimValue("gen")),
                issuedAt == null ? Instant.EPOCH : Instant.ofEpochSecond(issuedAt.getValue()));
    }

    private static Map<String, Long> generations(@Nullable Object claim) {
        var generations = new HashMap<String, Long>();
        if (claim instanceof Map<?, ?> map) {
            map.forEach((name, value) -> {
                if (value instanceof Number number) {
                    generations.put(String.valueOf(name), number.longValue());
                }
            });
        }
        return generations;
    }
}
