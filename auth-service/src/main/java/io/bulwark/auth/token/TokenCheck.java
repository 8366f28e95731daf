package io.bulwark.auth.token;

import io.bulwark.auth.AuthConfig;
import io.bulwark.kit.access.TokenRules;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.InstantSource;
import java.util.List;
import org.jose4j.jwa.AlgorithmConstraints;
import org.jose4j.jwa.AlgorithmConstraints.ConstraintType;
import org.jose4j.jws.AlgorithmIdentifiers;
import org.jose4j.jwt.JwtClaims;
import org.jose4j.jwt.NumericDate;
import org.jose4j.jwt.consumer.InvalidJwtException;
import org.jose4j.jwt.consumer.JwtConsumerBuilder;
import org.jose4j.lang.UnresolvableKeyException;

/**
 * Checks our own tokens with our own keys, by the rules that hold in every service. Keys that a token brings along or
 * points to ({@code jwk}, {@code jku}, {@code x5u}) are not looked at; one algorithm is accepted.
 */
@ApplicationScoped
class TokenCheck {
    static final String PASSWORD_AUDIENCE = "bulwark-password";

    private static final int MAX_LENGTH = 8_192;
    private static final AlgorithmConstraints RS256 =
            new AlgorithmConstraints(ConstraintType.PERMIT, AlgorithmIdentifiers.RSA_USING_SHA256);

    private final SigningKeys keys;
    private final TokenRules rules;
    private final InstantSource clock;
    private final AuthConfig.Token config;

    TokenCheck(SigningKeys keys, TokenRules rules, InstantSource clock, AuthConfig config) {
        this.keys = keys;
        this.rules = rules;
        this.clock = clock;
        this.config = config.token();
    }

    /** The claims of a token for this suite, or for changing a password. */
    JwtClaims verify(String token) throws InvalidJwtException {
        if (token.length() > MAX_LENGTH) {
            throw new InvalidJwtException("Too long", List.of(), null);
        }
        return new JwtConsumerBuilder()
                .setJwsAlgorithmConstraints(RS256)
                .setVerificationKeyResolver((jws, nesting) -> {
                    var key = keys.verification(jws.getKeyIdHeaderValue());
                    if (key == null) {
                        throw new UnresolvableKeyException("No such key");
                    }
                    return key;
                })
                .setExpectedIssuer(config.issuer())
                .setExpectedAudience(config.audience(), PASSWORD_AUDIENCE)
                .setRequireExpirationTime()
                .setRequireIssuedAt()
                .setRequireSubject()
                .setRequireJwtId()
                .setEvaluationTime(NumericDate.fromMilliseconds(clock.millis()))
                .registerValidator(rules)
                .build()
                .processToClaims(token);
    }
}
