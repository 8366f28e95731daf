package io.bulwark.ratelimit.detection;

import static io.bulwark.ratelimit.Api.SOON;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import io.bulwark.events.BlockEvent.IpBlocked;
import io.bulwark.events.CloudEventBinding;
import io.bulwark.events.Envelope;
import io.bulwark.events.EventIds;
import io.bulwark.events.EventTypes;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginFailed.Reason;
import io.bulwark.events.Topic;
import io.bulwark.kit.inbox.Inbox;
import io.bulwark.kit.net.Network;
import io.bulwark.ratelimit.Api;
import io.bulwark.ratelimit.anomaly.AnomalyDetector;
import io.bulwark.ratelimit.block.TargetPolicy;
import io.bulwark.ratelimit.rule.StartingRules;
import io.bulwark.ratelimit.signin.GoodSignIns;
import io.bulwark.testkit.EventProbe;
import io.bulwark.testkit.SuiteTest;
import jakarta.enterprise.inject.Instance;
import jakarta.inject.Inject;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A replica that does not know the allowlist yet blocks nobody. */
@SuiteTest
class StartingDetectionTest {
    private static final int ENOUGH = 5;

    private final String address = Api.freshAddress();

    @Inject
    Inbox inbox;

    @Inject
    Detector detector;

    @Inject
    GoodSignIns goodSignIns;

    @Inject
    AnomalyDetector anomalies;

    @Inject
    TargetPolicy targets;

    @Inject
    Instance<StartingRules> replicas;

    private StartingRules rules;

    @BeforeEach
    void start() {
        rules = replicas.get();
    }

    @AfterEach
    void stop() {
        rules.stop();
    }

    @Test
    void whoIsAllowedIsNotBlockedBeforeThatIsKnown() throws Exception {
        try (var blocks = EventProbe.on(Topic.IP_BLOCKED)) {
            var consumer = new SecurityEventsConsumer(inbox, detector, goodSignIns, anomalies, rules.feed());
            var consumed = CompletableFuture.runAsync(() -> consumer.on(failures("early")));
            assertThat(blocks.seenAfter(
                            Duration.ofMillis(500),
                            IpBlocked.class,
                            event -> event.target().equals(address)))
                    .isEmpty();
            Api.as("admin")
                    .body(Map.of("target", address, "reason", "a partner", "application", "early"))
                    .post("/api/v1/allowlist")
                    .then()
                    .statusCode(201);
            await().atMost(SOON)
                    .until(() -> targets.danger(Network.parse(address), "early").isPresent());

            rules.load();
            consumed.get(20, TimeUnit.SECONDS);

            assertThat(blocks.seenAfter(
                            Duration.ofMillis(500),
                            IpBlocked.class,
                            event -> event.target().equals(address)))
                    .isEmpty();
        }
    }

    @Test
    void whoStopsBeforeConsumesNothing() {
        var consumer = new SecurityEventsConsumer(inbox, detector, goodSignIns, anomalies, rules.feed());

        rules.stop();

        assertThatThrownBy(() -> consumer.on(failures("stopped"))).isInstanceOf(IllegalStateException.class);
    }

    private ConsumerRecords<String, byte[]> failures(String application) {
        var partition = new TopicPartition(Topic.SECURITY_EVENTS.topicName(), 0);
        var records = IntStream.range(0, ENOUGH)
                .mapToObj(i -> failure(application, partition, i))
                .toList();
        return new ConsumerRecords<>(Map.of(partition, records), Map.of());
    }

    private ConsumerRecord<String, byte[]> failure(String application, TopicPartition partition, int offset) {
        var failed = new LoginFailed(address, "ann@example.com", null, Reason.WRONG_PASSWORD);
        var type = EventTypes.nameOf(failed.getClass());
        var envelope = new Envelope(
                EventIds.next().toString(), "/bulwark/auth-service", type, null, Instant.now(), application, null);
        var failure = new ConsumerRecord<>(
                partition.topic(), partition.partition(), offset, failed.key(), CloudEventBinding.data(failed));
        CloudEventBinding.headers(envelope)
                .forEach((name, value) -> failure.headers().add(name, value.getBytes(UTF_8)));
        return failure;
    }
}
