package io.bulwark.auth.client;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.bulwark.auth.AuthConfig;
import io.quarkus.narayana.jta.QuarkusTransaction;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.io.IOException;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.List;

/** The machine clients that an installation names in a file: made or brought up to date at every start. */
@ApplicationScoped
class BootstrapClients {
    private static final int MIN_SECRET = 32;

    private final Clients clients;
    private final ObjectMapper json;
    private final InstantSource clock;
    private final AuthConfig config;

    BootstrapClients(Clients clients, ObjectMapper json, InstantSource clock, AuthConfig config) {
        this.clients = clients;
        this.json = json;
        this.clock = clock;
        this.config = config;
    }

    /** One entry of the file. */
    record Entry(String clientId, String secret, List<String> roles, String application) {
        @Override
        public String toString() {
            return "Entry[" + clientId + "]";
        }
    }

    void start(@Observes StartupEvent event) {
        config.bootstrap().clientsFile().ifPresent(this::load);
    }

    private void load(Path file) {
        var entries = read(file);
        QuarkusTransaction.requiringNew().run(() -> entries.forEach(this::put));
    }

    private List<Entry> read(Path file) {
        try {
            return List.of(json.readValue(file.toFile(), Entry[].class));
        } catch (IOException e) {
            // Without the cause: Jackson quotes what it read, and that may be a secret.
            throw new IllegalStateException("BULWARK_BOOTSTRAP_CLIENTS_FILE " + file
                    + " is not a JSON list of {clientId, secret, roles, application}");
        }
    }

    private void put(Entry entry) {
        var sound = entry.clientId() != null
                && entry.clientId().matches(ClientRules.ID)
                && entry.secret() != null
                && entry.secret().length() >= MIN_SECRET
                && entry.roles() != null
                && ClientRules.ASSIGNABLE.containsAll(entry.roles())
                && entry.application() != null
                && entry.application().matches(ClientRules.APPLICATION);
        if (!sound) {
            throw new IllegalStateException("BULWARK_BOOTSTRAP_CLIENTS_FILE: client " + entry.clientId()
                    + " lacks a field, has an unknown role, or a secret of less than " + MIN_SECRET + " characters");
        }
        var client = new Client(
                entry.clientId(), entry.roles(), entry.application(), entry.secret(), "auth-service", clock.instant());
        clients.put(client, entry.secret());
    }
}
