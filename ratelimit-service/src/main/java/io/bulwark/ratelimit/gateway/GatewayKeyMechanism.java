package io.bulwark.ratelimit.gateway;

import io.bulwark.kit.access.Roles;
import io.quarkus.security.AuthenticationFailedException;
import io.quarkus.security.identity.IdentityProviderManager;
import io.quarkus.security.identity.SecurityIdentity;
import io.quarkus.security.runtime.QuarkusPrincipal;
import io.quarkus.security.runtime.QuarkusSecurityIdentity;
import io.quarkus.vertx.http.runtime.security.ChallengeData;
import io.quarkus.vertx.http.runtime.security.HttpAuthenticationMechanism;
import io.smallrye.mutiny.Uni;
import io.vertx.ext.web.RoutingContext;
import jakarta.enterprise.context.ApplicationScoped;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A gateway's static key stands for a token of role {@code gateway}, on the paths that gateways call and nowhere else: on
 * all others it means nothing.
 */
@ApplicationScoped
public class GatewayKeyMechanism implements HttpAuthenticationMechanism {
    private static final String PROFILE = "gateway";
    private static final Set<String> PATHS =
            Set.of("/api/v1/check", "/api/v1/check/batch", "/api/v1/observations", "/api/v1/observations/access-log");
    private static final int BEFORE_TOKENS = DEFAULT_PRIORITY + 1_000;

    private final GatewayKeys keys;

    GatewayKeyMechanism(GatewayKeys keys) {
        this.keys = keys;
    }

    /** How the caller's key is registered; null where it came with a token. */
    public static @Nullable GatewayProfile profileOf(SecurityIdentity identity) {
        return identity.getAttribute(PROFILE);
    }

    @Override
    public Uni<SecurityIdentity> authenticate(RoutingContext request, IdentityProviderManager providers) {
        var key = PATHS.contains(request.normalizedPath())
                ? PresentedKey.of(request.request().headers())
                : null;
        if (key == null) {
            return Uni.createFrom().nullItem();
        }
        return keys.find(key)
                .map(gateway -> Uni.createFrom().item(identity(gateway)))
                .orElseGet(() -> Uni.createFrom().failure(new AuthenticationFailedException("Unknown gateway key")));
    }

    @Override
    public Uni<ChallengeData> getChallenge(RoutingContext request) {
        return Uni.createFrom().nullItem();
    }

    @Override
    public int getPriority() {
        return BEFORE_TOKENS;
    }

    private static SecurityIdentity identity(Gateway gateway) {
        return QuarkusSecurityIdentity.builder()
                .setPrincipal(new QuarkusPrincipal(gateway.name()))
                .addRole(Roles.GATEWAY)
                .addAttribute(PROFILE, gateway.profile())
                .build();
    }
}
