package io.bulwark.kit.access;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the revocations are read: a token revoked yesterday must not work after a restart. */
@Readiness
@ApplicationScoped
class RevocationsReady implements HealthCheck {
    private final Revocations revocations;

    RevocationsReady(Revocations revocations) {
        this.revocations = revocations;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("revocations read")
                .status(revocations.isCaughtUp())
                .build();
    }
}
