package io.bulwark.localstack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.bulwark.events.InternalTopic;
import io.bulwark.events.Topic;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.ClusterAuthorizationException;
import org.apache.kafka.common.errors.SaslAuthenticationException;
import org.apache.kafka.common.errors.TopicAuthorizationException;
import org.apache.kafka.common.errors.TransactionalIdAuthorizationException;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KafkaServerTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @TempDir
    static Path home;

    private static StackState state;
    private static KafkaServer server;

    @BeforeAll
    static void start() throws Exception {
        state = StackState.open(home);
        madeForEverybody("kafka");
        madeForEverybody("logs");
        int base = Ports.freeBase(2);
        server = KafkaServer.start(Machine.ROOT, state, base, base + 1);
    }

    @AfterAll
    static void stop() {
        server.close();
    }

    @Test
    void serviceWritesItsOwnTopicAndNoOther() throws Exception {
        send("incident-service", Topic.RESPONSE_ACTIONS, "command");

        assertThatThrownBy(() -> send("ratelimit-service", Topic.RESPONSE_ACTIONS, "forged command"))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
        assertThatThrownBy(() -> send("auth-service", Topic.IP_BLOCKED, "forged unblock"))
                .hasCauseInstanceOf(TopicAuthorizationException.class);
    }

    @Test
    void consumerReadsAndDoesNotWrite() throws Exception {
        send("backup-service", Topic.BACKUPS, "completed");

        assertThat(read(KafkaAccess.CONSUMER, Topic.BACKUPS, 1)).containsExactly("completed");
        assertThatThrownBy(() -> send(KafkaAccess.CONSUMER, Topic.BACKUPS, "forged"))
                .hasCauseInstanceOf(AuthorizationException.class);
    }

    @Test
    void internalTopicIsReadAndWrittenByItsOwnerAlone() throws Exception {
        var topic = InternalTopic.LIMIT_USAGE;
        send(topic.owner(), topic.topicName(), "usage");

        assertThat(read(topic.owner(), topic.topicName(), 1)).containsExactly("usage");
        for (var other : List.of("auth-service", "audit-service", KafkaAccess.CONSUMER)) {
            assertThatThrownBy(() -> send(other, topic.topicName(), "forged"))
                    .hasCauseInstanceOf(TopicAuthorizationException.class);
            assertThatThrownBy(() -> read(other, topic.topicName(), 1)).isInstanceOf(TopicAuthorizationException.class);
        }
    }

    @Test
    void applicationOutsideReportsDetectionsAndNothingElse() throws Exception {
        server.access().admitApplication("shop");

        send("shop", Topic.SECURITY_EVENTS, "login-failed");

        assertThatThrownBy(() -> send("shop", Topic.AUDIT_TRAIL, "forged"))
                .hasCauseInstanceOf(AuthorizationException.class);
        assertThatThrownBy(() -> read("shop", Topic.SECURITY_EVENTS, 1)).isInstanceOf(AuthorizationException.class);
    }

    @Test
    void transactionalIdBelongsToItsService() {
        transact("auth-service", "auth-service-outbox");

        assertThatThrownBy(() -> transact("auth-service", "backup-service-outbox"))
                .isInstanceOf(TransactionalIdAuthorizationException.class);
    }

    @Test
    void topicsHaveTheSettingsOfTheContract() throws Exception {
        try (var admin = server.access().admin()) {
            var topics = admin.describeTopics(List.of("ip-blocked", "ip-blocked.dlq"))
                    .allTopicNames()
                    .get();

            assertThat(topics.get("ip-blocked").partitions()).hasSize(Topic.PARTITIONS);
            assertThat(topics).containsKey("ip-blocked.dlq");
        }
    }

    @Test
    void nobodyComesInWithoutAPrincipal() {
        var anonymous =
                Map.<String, Object>of("bootstrap.servers", server.access().bootstrapServers());
        var forged = new HashMap<>(server.access().properties("auth-service"));
        forged.put(
                "sasl.jaas.config",
                forged.get("sasl.jaas.config")
                        .toString()
                        .replace(server.access().password("auth-service"), "guessed"));

        assertThatThrownBy(() -> ask(anonymous, Duration.ofSeconds(3))).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> ask(forged, PATIENCE)).hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void controllerRefusesWhoDoesNotKnowItsPassword() {
        var controller = "127.0.0.1:" + state.port(KafkaServer.CONTROLLER);
        var anonymous = Map.<String, Object>of("bootstrap.controllers", controller);
        var service = new HashMap<>(server.access().properties("auth-service"));
        service.remove("bootstrap.servers");
        service.put("bootstrap.controllers", controller);
        service.put("sasl.mechanism", "PLAIN");
        service.put(
                "sasl.jaas.config", service.get("sasl.jaas.config").toString().replace("scram.Scram", "plain.Plain"));

        assertThatThrownBy(() -> ask(anonymous, Duration.ofSeconds(3))).isInstanceOf(ExecutionException.class);
        assertThatThrownBy(() -> ask(service, PATIENCE)).hasCauseInstanceOf(SaslAuthenticationException.class);
    }

    @Test
    void servicesAreNotAdministrators() {
        try (var admin = Admin.create(server.access().properties("audit-service"))) {
            assertThatThrownBy(() ->
                            admin.describeAcls(AclBindingFilter.ANY).values().get())
                    .hasCauseInstanceOf(ClusterAuthorizationException.class);
        }
    }

    @Test
    void recordsAndLogsAreForTheOwnerOfTheHomeAlone() throws Exception {
        for (var folder : List.of("kafka", "logs")) {
            assertThat(Files.getPosixFilePermissions(home.resolve(folder)))
                    .as(folder)
                    .isEqualTo(PosixFilePermissions.fromString("rwx------"));
        }
    }

    @Test
    void recordsSurviveAKill() throws Exception {
        send("auth-service", Topic.REVOCATIONS, "kept");

        server.kill();
        assertThat(server.alive()).isFalse();
        server.restart();

        assertThat(read("audit-service", Topic.REVOCATIONS, 1)).containsExactly("kept");
    }

    /** As earlier versions did. */
    private static void madeForEverybody(String folder) throws IOException {
        Files.setPosixFilePermissions(
                Files.createDirectory(home.resolve(folder)), PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    private static void send(String principal, Topic topic, String value) throws Exception {
        send(principal, topic.topicName(), value);
    }

    private static void send(String principal, String topic, String value) throws Exception {
        var properties = new HashMap<>(server.access().properties(principal));
        properties.put("max.block.ms", 20_000);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.send(new ProducerRecord<>(topic, "key", value)).get();
        }
    }

    private static void transact(String principal, String transactionalId) {
        var properties = new HashMap<>(server.access().properties(principal));
        properties.put("transactional.id", transactionalId);
        try (var producer = new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
            producer.initTransactions();
        }
    }

    private static List<String> read(String principal, Topic topic, int count) {
        return read(principal, topic.topicName(), count);
    }

    private static List<String> read(String principal, String topic, int count) {
        var properties = new HashMap<>(server.access().properties(principal));
        properties.put("group.id", principal);
        properties.put("auto.offset.reset", "earliest");
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
            consumer.subscribe(List.of(topic));
            var values = new ArrayList<String>();
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            while (values.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(200))
                        .forEach((ConsumerRecord<String, String> record) -> values.add(record.value()));
            }
            return values;
        }
    }

    /** @param patience short for those who are not refused but get no answer */
    private static void ask(Map<String, Object> who, Duration patience) throws Exception {
        var properties = new HashMap<>(who);
        properties.put("default.api.timeout.ms", (int) patience.toMillis());
        properties.put("request.timeout.ms", (int) patience.toMillis());
        try (var admin = Admin.create(properties)) {
            admin.describeCluster().nodes().get();
        }
    }
}
