package io.bulwark.testkit;

import io.bulwark.events.InternalTopic;
import io.bulwark.events.Topic;
import io.bulwark.localstack.KafkaAccess;
import io.bulwark.localstack.PostgresAccess;
import io.bulwark.localstack.SharedServers;
import io.quarkus.test.common.QuarkusTestResourceLifecycleManager;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.awaitility.Awaitility;

/**
 * Gives the service under test a database of its own and empty topics, on servers that all modules of a run share, and
 * an issuer of tokens.
 */
public final class SuiteServers implements QuarkusTestResourceLifecycleManager {
    @Override
    public Map<String, String> start() {
        var service = ofModule();
        var application = service.getProperty("quarkus.application.name");
        var schema = service.getProperty("bulwark.schema");
        var servers = SharedServers.acquire(Path.of(System.getProperty("bulwark.root")));
        prepareDatabase(servers.postgres(), "test_" + schema);
        prepareTopics(servers.kafka());
        var issuer = TestIssuer.start();
        return Map.ofEntries(
                Map.entry("quarkus.datasource.jdbc.url", servers.postgres().jdbcUrl("test_" + schema)),
                Map.entry("quarkus.datasource.password", servers.postgres().password(schema)),
                Map.entry("kafka.bootstrap.servers", servers.kafka().bootstrapServers()),
                Map.entry("BULWARK_KAFKA_PASSWORD", servers.kafka().password(application)),
                Map.entry("bulwark.oidc.issuer", issuer),
                Map.entry("bulwark.replication-factor", "1"),
                Map.entry("bulwark.trusted-proxies", "127.0.0.0/8,::1/128"));
    }

    @Override
    public void stop() {
        // The servers end with the run of all modules.
    }

    private static Properties ofModule() {
        var properties = new Properties();
        try (var file = Files.newInputStream(Path.of("src/main/resources/application.properties"))) {
            properties.load(file);
            return properties;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static void prepareDatabase(PostgresAccess postgres, String database) {
        postgres.dropDatabase(database);
        postgres.createDatabase(database);
        System.setProperty(TestSettings.DATABASE_URL, postgres.jdbcUrl(database));
        System.setProperty(TestSettings.SUPERUSER, PostgresAccess.SUPERUSER);
        System.setProperty(TestSettings.SUPERUSER_PASSWORD, postgres.superuserPassword());
        System.setProperty(TestSettings.DUMP_PASSWORD, postgres.password(PostgresAccess.DUMP_ROLE));
    }

    private static void prepareTopics(KafkaAccess kafka) {
        KafkaClients.connectTo(kafka);
        try (var admin = kafka.admin()) {
            var names = Stream.concat(
                            Stream.of(Topic.values())
                                    .flatMap(topic -> Stream.of(topic.topicName(), topic.deadLetterTopic())),
                            Stream.of(InternalTopic.values()).map(InternalTopic::topicName))
                    .toList();
            Awaitility.await().atMost(Duration.ofSeconds(30)).ignoreExceptions().until(() -> emptied(admin, names));
        }
        kafka.provision("");
    }

    private static boolean emptied(Admin admin, List<String> names) throws Exception {
        var left = new HashSet<>(admin.listTopics().names().get());
        left.retainAll(names);
        if (!left.isEmpty()) {
            admin.deleteTopics(left).all().get();
        }
        return left.isEmpty();
    }
}
