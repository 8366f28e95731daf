package io.bulwark.auth.account;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.auth.AuthConfig;
import io.bulwark.events.Envelope;
import io.bulwark.kit.access.Roles;
import io.bulwark.kit.audit.AuditTrail;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jboss.logging.Logger;

/**
 * The first administrator, made when there is nobody yet. The password is generated, good for nothing but choosing
 * another, and shown once: in a file for the owner's eyes, or in the log where no file is named.
 */
@ApplicationScoped
class BootstrapAdmin {
    private static final Logger LOG = Logger.getLogger(BootstrapAdmin.class);

    private final Accounts accounts;
    private final PasswordHasher hasher;
    private final AuditTrail trail;
    private final InstantSource clock;
    private final AuthConfig.Bootstrap config;

    BootstrapAdmin(Accounts accounts, PasswordHasher hasher, AuditTrail trail, InstantSource clock, AuthConfig config) {
        this.accounts = accounts;
        this.hasher = hasher;
        this.trail = trail;
        this.clock = clock;
        this.config = config.bootstrap();
    }

    void start(@Observes StartupEvent event) {
        QuarkusTransaction.requiringNew().run(() -> {
            accounts.lockAdministration();
            if (accounts.isEmpty()) {
                create();
            }
        });
    }

    private void create() {
        var password = hasher.lasting();
        var email = Email.normalise(config.email());
        var admin = new Account(email, "Administrator", List.of(Roles.ADMIN), password, clock.instant());
        accounts.add(admin);
        trail.record(
                "auth-service", "user.create", admin.id().toString(), Map.of("email", email), Envelope.OWN_APPLICATION);
        // Before the commit: an administrator whose password nobody has read is worse than a password of nobody.
        if (config.adminFile().isPresent()) {
            write(config.adminFile().get(), password.plain());
            LOG.infof(
                    "Created the first administrator %s; the password is in %s",
                    email, config.adminFile().get());
        } else {
            LOG.warnf("Created the first administrator %s with the one-time password %s", email, password.plain());
        }
    }

    private static void write(Path file, String password) {
        try {
            Files.deleteIfExists(file);
            var ownerOnly = PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"));
            try (var channel = Files.newByteChannel(
                    file, Set.of(StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE), ownerOnly)) {
                channel.write(UTF_8.encode(password + "\n"));
            }
        } catch (IOException e) {
            throw new UncheckedIOException("The first administrator's password cannot be written to " + file, e);
        }
    }
}
