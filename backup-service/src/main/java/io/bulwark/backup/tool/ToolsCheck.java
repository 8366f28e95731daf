package io.bulwark.backup.tool;

import jakarta.enterprise.context.ApplicationScoped;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;

/** Without the tools the service still answers, so it is ready; it says that it is degraded. */
@Readiness
@ApplicationScoped
class ToolsCheck implements HealthCheck {
    private final PostgresTools tools;

    ToolsCheck(PostgresTools tools) {
        this.tools = tools;
    }

    @Override
    public HealthCheckResponse call() {
        var response = HealthCheckResponse.named("postgresql client tools").up();
        tools.find()
                .ifPresentOrElse(
                        installed -> response.withData("degraded", false).withData("version", installed.version()),
                        () -> response.withData("degraded", true).withData("install", ToolMissing.command()));
        return response.build();
    }
}
