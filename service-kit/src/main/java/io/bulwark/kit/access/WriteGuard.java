package io.bulwark.kit.access;

import io.bulwark.kit.problem.Unavailable;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerRequestFilter;
import jakarta.ws.rs.container.ResourceInfo;
import jakarta.ws.rs.ext.Provider;
import java.time.Duration;
import java.util.Set;

/**
 * Without Kafka nobody learns of revocations: reading goes on, writing stops after a while rather than trust a token
 * that may be revoked.
 */
@Provider
class WriteGuard implements ContainerRequestFilter {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final Set<String> READS = Set.of("GET", "HEAD", "OPTIONS");

    private final Revocations revocations;
    private final ResourceInfo endpoint;

    WriteGuard(Revocations revocations, ResourceInfo endpoint) {
        this.revocations = revocations;
        this.endpoint = endpoint;
    }

    @Override
    public void filter(ContainerRequestContext request) {
        if (!READS.contains(request.getMethod()) && revocations.silence().compareTo(PATIENCE) > 0 && !readsOnly()) {
            throw new Unavailable("Kafka cannot be reached; changes are refused until revocations are known again");
        }
    }

    private boolean readsOnly() {
        return endpoint.getResourceMethod().isAnnotationPresent(ReadsOnly.class);
    }
}
