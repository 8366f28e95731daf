package io.bulwark.backup.tool;

import io.agroal.api.AgroalDataSource;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.sql.SQLException;
import java.util.Optional;
import org.eclipse.microprofile.health.HealthCheck;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.Readiness;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Without the tools, or with old ones, the service still answers, so it is ready; it says that it is degraded. */
@Readiness
@ApplicationScoped
class ToolsCheck implements HealthCheck {
    private static final Logger LOG = Logger.getLogger(ToolsCheck.class);

    private final PostgresTools tools;
    private final AgroalDataSource dataSource;
    private volatile int serverMajor;

    ToolsCheck(PostgresTools tools, AgroalDataSource dataSource) {
        this.tools = tools;
        this.dataSource = dataSource;
    }

    /** Bulwark's own server is asked, the one that is known; any other source tells when it is dumped. */
    void start(@Observes StartupEvent event) throws SQLException {
        try (var connection = dataSource.getConnection()) {
            serverMajor = connection.getMetaData().getDatabaseMajorVersion();
        }
        shortcoming(tools.find().orElse(null), serverMajor).ifPresent(LOG::warn);
    }

    @Override
    public HealthCheckResponse call() {
        var installed = tools.find().orElse(null);
        var shortcoming = shortcoming(installed, serverMajor);
        var response =
                HealthCheckResponse.named("postgresql client tools").up().withData("degraded", shortcoming.isPresent());
        if (installed != null) {
            response.withData("version", installed.version());
        }
        shortcoming.ifPresent(reason -> response.withData("reason", reason));
        return response.build();
    }

    /** What cannot be done for want of better tools, and how to get them. */
    static Optional<String> shortcoming(PostgresTools.@Nullable Installed installed, int serverMajor) {
        if (installed == null) {
            return Optional.of("Nothing can be backed up: " + new ToolMissing().getMessage());
        }
        if (installed.major() < serverMajor) {
            return Optional.of("Bulwark's own database cannot be backed up: pg_dump "
                    + installed.version() + " is older than its server, " + serverMajor
                    + "; install a postgresql-client of version " + serverMajor + " or newer");
        }
        return Optional.empty();
    }
}
