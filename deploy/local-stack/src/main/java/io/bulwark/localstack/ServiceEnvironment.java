package io.bulwark.localstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What a service is told by its environment, and the key and client files that go with it. */
final class ServiceEnvironment {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final StackState state;

    ServiceEnvironment(StackState state) {
        this.state = state;
    }

    Path firstAdminFile() {
        return state.home().resolve("first-admin");
    }

    /** Files that services read when they start. */
    void writeFiles() {
        try {
            key("auth.key");
            key("backup.key");
            Files.createDirectories(workFolder());
            SecretFile.write(clientsFile(), JSON.writeValueAsString(ClientTokens.bootstrapped(state)));
            SecretFile.write(state.home().resolve("consumer.properties"), consumerProperties());
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        } catch (IOException | UncheckedIOException e) {
            throw new StackFailure("Cannot write into " + state.home() + ": " + e.getMessage(), e);
        }
    }

    Map<String, String> of(SuiteService service) {
        var postgres = new PostgresAccess(state);
        var kafka = new KafkaAccess(state);
        var environment = new TreeMap<String, String>();
        environment.put("QUARKUS_HTTP_HOST", "127.0.0.1");
        // glibc keeps an arena per thread otherwise, tens of megabytes that nobody uses.
        environment.put("MALLOC_ARENA_MAX", "2");
        environment.put("BULWARK_DB_URL", postgres.jdbcUrl(PostgresAccess.DATABASE));
        environment.put("BULWARK_DB_PASSWORD", postgres.password(service.schema()));
        environment.put("BULWARK_KAFKA_SERVERS", kafka.bootstrapServers());
        environment.put("BULWARK_KAFKA_SECURITY_PROTOCOL", "SASL_PLAINTEXT");
        environment.put("BULWARK_KAFKA_USERNAME", service.application());
        environment.put("BULWARK_KAFKA_PASSWORD", kafka.password(service.application()));
        environment.put("BULWARK_OIDC_ISSUER", issuer());
        environment.put("BULWARK_TRUSTED_PROXIES", "127.0.0.0/8,::1/128");
        environment.put("BULWARK_REPLICATION_FACTOR", "1");
        switch (service) {
            case AUTH -> {
                environment.put(
                        "BULWARK_AUTH_KEY_FILE",
                        state.home().resolve("auth.key").toString());
                environment.put("BULWARK_BOOTSTRAP_ADMIN_FILE", firstAdminFile().toString());
                environment.put("BULWARK_BOOTSTRAP_CLIENTS_FILE", clientsFile().toString());
            }
            case BACKUP -> {
                environment.putAll(objectStore(new ObjectStoreAccess(state)));
                environment.put(
                        "BULWARK_BACKUP_KEY_FILE",
                        state.home().resolve("backup.key").toString());
                environment.put(
                        "BULWARK_BACKUP_SOURCE_URL",
                        "postgresql://127.0.0.1:" + postgres.port() + "/" + PostgresAccess.DATABASE);
                environment.put("BULWARK_BACKUP_SOURCE_USER", PostgresAccess.DUMP_ROLE);
                environment.put("BULWARK_BACKUP_SOURCE_PASSWORD", postgres.password(PostgresAccess.DUMP_ROLE));
                environment.put("BULWARK_BACKUP_WORK_DIR", workFolder().toString());
            }
            case RATELIMIT, INCIDENT, AUDIT -> {}
        }
        return environment;
    }

    private String issuer() {
        return ServiceProcess.url(state, SuiteService.AUTH.application()).toString();
    }

    private static Map<String, String> objectStore(ObjectStoreAccess store) {
        return Map.of(
                "BULWARK_BACKUP_S3_ENDPOINT", store.endpoint(),
                "BULWARK_BACKUP_S3_BUCKET", ObjectStoreAccess.BUCKET,
                "BULWARK_BACKUP_S3_ACCESS_KEY", store.accessKey(),
                "BULWARK_BACKUP_S3_SECRET_KEY", store.secretKey(),
                "BULWARK_BACKUP_S3_REGION", ObjectStoreAccess.REGION);
    }

    private Path clientsFile() {
        return state.home().resolve("clients.json");
    }

    private Path workFolder() {
        return state.home().resolve("backup-work");
    }

    private void key(String name) {
        var file = state.home().resolve(name);
        if (!Files.exists(file)) {
            var bytes = new byte[32];
            new SecureRandom().nextBytes(bytes);
            SecretFile.write(file, Base64.getEncoder().encodeToString(bytes) + "\n");
        }
    }

    /** In librdkafka's words, so that {@code kcat -F} reads it. */
    private String consumerProperties() {
        var kafka = new KafkaAccess(state);
        return String.join(
                "\n",
                List.of(
                        "bootstrap.servers=" + kafka.bootstrapServers(),
                        "security.protocol=SASL_PLAINTEXT",
                        "sasl.mechanisms=SCRAM-SHA-256",
                        "sasl.username=" + KafkaAccess.CONSUMER,
                        "sasl.password=" + kafka.password(KafkaAccess.CONSUMER),
                        "isolation.level=read_committed",
                        ""));
    }
}
