package io.bulwark.ratelimit.block;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the blocks are known: a restart must let nobody through. */
@Readiness
@ApplicationScoped
class BlocksReady implements HealthCheck {
    private final BlockFeed feed;

    BlocksReady(BlockFeed feed) {
        this.feed = feed;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("blocks loaded")
                .status(feed.isLoaded())
                .build();
    }
}
