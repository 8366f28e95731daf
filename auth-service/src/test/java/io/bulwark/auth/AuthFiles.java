package io.bulwark.auth;

import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.Map;

/** The files that an installation gives auth-service: the sealing key, the bootstrap clients, the place for a password. */
public final class AuthFiles implements QuarkusTestResourceLifecycleManager {
    static final String ADMIN_FILE = "bulwark.test.admin-file";

    /** The suite's own machine, whose application is {@code bulwark}. */
    public static final String SUITE_CLIENT = "incident-service";

    public static final String SUITE_SECRET = "a-secret-of-this-test-and-of-nothing-else";

    @Override
    public Map<String, String> start() {
        try {
            var folder =
                    Files.createTempDirectory(Path.of("target"), "auth-files").toAbsolutePath();
            var key = folder.resolve("auth.key");
            var bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            Files.writeString(key, Base64.getEncoder().encodeToString(bytes));
            var clients = folder.resolve("clients.json");
            Files.writeString(clients, """
                [{"clientId": "%s", "secret": "%s", "roles": ["service"], "application": "bulwark"}]\
                """.formatted(SUITE_CLIENT, SUITE_SECRET));
            var admin = folder.resolve("admin-password");
            System.setProperty(ADMIN_FILE, admin.toString());
            return Map.of(
                    "bulwark.auth.key-file", key.toString(),
                    "bulwark.auth.bootstrap.clients-file", clients.toString(),
                    "bulwark.auth.bootstrap.admin-file", admin.toString());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where the service left the first admin's password. */
    public static Path adminFile() {
        return Path.of(System.getProperty(ADMIN_FILE));
    }

    @Override
    public void stop() {
        // The files go with target.
    }
}
