package io.bulwark.ratelimit.rule;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Not ready before the rules are known: a restart must let nobody through. */
@Readiness
@ApplicationScoped
class RulesReady implements HealthCheck {
    private final RuleFeed feed;

    RulesReady(RuleFeed feed) {
        this.feed = feed;
    }

    @Override
    public HealthCheckResponse call() {
        return HealthCheckResponse.named("rules loaded").status(feed.isLoaded()).build();
    }
}
