package io.bulwark.backup.source;

import io.bulwark.backup.BackupConfig;
import io.bulwark.backup.tool.DatabaseLogin;
import io.bulwark.backup.tool.DatabaseLogin.SslMode;
import io.bulwark.events.Envelope;
import io.bulwark.kit.problem.Problem;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.transaction.Transactional;
import java.net.URI;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** The suite's own database is a source like any other, but it is registered by configuration and stays. */
@ApplicationScoped
class SuiteSource {
    static final String NAME = "bulwark";
    private static final Logger LOG = Logger.getLogger(SuiteSource.class);
    private static final int POSTGRES_PORT = 5432;
    private static final String SSL_MODE = "sslmode=";

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
        var login = login(config.url().get(), config.user(), config.password().orElse(""));
        sources.registerAsConfigured(NAME, Envelope.OWN_APPLICATION, login, SourceResource.EVERY, "backup-service");
    }

    /** Its name is not for operators to register or to delete, also where the configuration does not use it yet. */
    static void refuse(String name) {
        if (name.equals(NAME)) {
            throw new Problem(409, "own-source", "Bulwark's own database is registered by configuration and stays");
        }
    }

    /** Refuses what it does not use: whoever wrote it would believe that it holds. */
    static DatabaseLogin login(URI url, String user, String password) {
        if (!"postgresql".equals(url.getScheme())
                || url.getHost() == null
                || url.getPath().length() < 2
                || url.getUserInfo() != null
                || url.getFragment() != null) {
            throw unlike();
        }
        return new DatabaseLogin(
                url.getHost().replaceAll("[\\[\\]]", ""), // libpq takes an IPv6 address without its brackets
                url.getPort() < 0 ? POSTGRES_PORT : url.getPort(),
                url.getPath().substring(1),
                user,
                password,
                sslMode(url.getQuery()));
    }

    private static SslMode sslMode(@Nullable String query) {
        if (query == null) {
            return SslMode.PREFER;
        }
        if (!query.startsWith(SSL_MODE)) {
            throw unlike();
        }
        try {
            return SslMode.of(query.substring(SSL_MODE.length()));
        } catch (IllegalArgumentException e) {
            throw unlike();
        }
    }

    private static IllegalStateException unlike() {
        return new IllegalStateException("BULWARK_BACKUP_SOURCE_URL is not like postgresql://127.0.0.1:5432/bulwark"
                + " or postgresql://127.0.0.1:5432/bulwark?sslmode=verify-full");
    }
}
