package io.bulwark.kit.access;

import io.quarkus.oidc.runtime.TenantConfigBean;
import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.config.inject.ConfigProperty;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the issuer's keys are here: no token could be checked. Asks for them again while they are not. */
@Readiness
@ApplicationScoped
class IssuerReady implements HealthCheck {
    private final TenantConfigBean tenants;
    private final boolean needed;

    IssuerReady(
            TenantConfigBean tenants,
            @ConfigProperty(name = "quarkus.oidc.tenant-enabled", defaultValue = "true") boolean needed) {
        this.tenants = tenants;
        this.needed = needed;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("issuer's keys")
                .status(!needed || hasKeys())
                .build();
    }

    private boolean hasKeys() {
        var tenant = tenants.getDefaultTenant();
        if (!tenant.ready()) {
            tenant.initialize().subscribe().with(initialized -> {}, failure -> {});
        }
        return tenants.getDefaultTenant().ready();
    }
}
