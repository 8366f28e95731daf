package io.bulwark.backup.source;

import io.bulwark.backup.BackupConfig;
import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.events.Envelope;
import io.bulwark.kit.problem.Problem;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.net.URI;
import org.jboss.logging.Logger;

/** The suite's own database is a source like any other, but it is registered by configuration and stays. */
@ApplicationScoped
class SuiteSource {
    static final String NAME = "bulwark";
    private static final Logger LOG = Logger.getLogger(SuiteSource.class);
    private static final int POSTGRES_PORT = 5432;

    private final BackupConfig.SuiteDatabase config;
    private final Sources sources;

    SuiteSource(BackupConfig config, Sources sources) {
        this.config = config.source();
        this.sources = sources;
    }

    @Transactional
    void register(@Observes StartupEvent event) {
        if (config.url().isEmpty()) {
            LOG.warn("Bulwark's own database is not backed up: set BULWARK_BACKUP_SOURCE_URL, _USER and _PASSWORD");
            return;
        }
        var login = login(config.url().get());
        sources.registerOrMove(NAME, Envelope.OWN_APPLICATION, login, SourceResource.EVERY, "backup-service");
    }

    static void refuseToDelete(String name) {
        if (name.equals(NAME)) {
            throw new Problem(409, "own-source", "Bulwark's own database is registered by configuration and stays");
        }
    }

    private DatabaseLogin login(URI url) {
        if (!"postgresql".equals(url.getScheme())
                || url.getHost() == null
                || url.getPath().length() < 2) {
            throw new IllegalStateException(
                    "BULWARK_BACKUP_SOURCE_URL is not like postgresql://127.0.0.1:5432/bulwark");
        }
        return new DatabaseLogin(
                url.getHost(),
                url.getPort() < 0 ? POSTGRES_PORT : url.getPort(),
                url.getPath().substring(1),
                config.user(),
                config.password().orElse(""),
                DatabaseLogin.SslMode.PREFER);
    }
}
