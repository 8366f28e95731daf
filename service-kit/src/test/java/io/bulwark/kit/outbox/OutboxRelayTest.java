package io.bulwark.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.agroal.api.AgroalDataSource;
import io.bulwark.kit.database.KitDatabase;
import io.bulwark.kit.outbox.OutboxTable.Unsent;
import io.bulwark.localstack.SharedServers;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.StartupEvent;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class OutboxRelayTest {
    private static final int LARGE = 900_000;
    private static final int MEBIBYTE = 1_024 * 1_024;
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final SharedServers servers = SharedServers.acquire(Path.of(System.getProperty("bulwark.root")));
    private final String topic = "relayed-" + UUID.randomUUID();
    private AgroalDataSource dataSource;
    private OutboxTable table;

    @BeforeEach
    void open() throws Exception {
        dataSource = KitDatabase.open(servers.postgres(), "test_outbox");
        table = new OutboxTable(dataSource, "public");
        try (var admin = servers.kafka().admin()) {
            admin.createTopics(List.of(new NewTopic(topic, 1, (short) 1))).all().get();
        }
    }

    @AfterEach
    void close() {
        dataSource.close();
    }

    @Test
    void readsAsMuchAtOnceAsFitsIntoMemoryAndAlwaysTheOldest() throws SQLException {
        insert(40, LARGE);

        assertThat(unsent(8 * MEBIBYTE)).extracting(Unsent::key).containsExactlyElementsOf(keys(10));
        assertThat(unsent(1)).extracting(Unsent::key).containsExactly("0");
    }

    @Test
    void readsAsManyAtOnceAsItMayWhereTheyAreSmall() throws SQLException {
        insert(1_200, 0);

        assertThat(unsent(1)).hasSize(1_000).first().extracting(Unsent::key).isEqualTo("0");
    }

    @Test
    void sendsAllThatIsLargeInItsOrder() throws SQLException {
        insert(40, LARGE);

        assertThat(sent(table, 40)).isEqualTo(keys(40));
        assertThat(unsent(1)).isEmpty();
    }

    @Test
    void goesOnAfterAnError() throws SQLException {
        insert(1, 10);
        var failed = new AtomicBoolean();
        var failing = new OutboxTable(dataSource, "public") {
            @Override
            Connection connect() throws SQLException {
                if (failed.compareAndSet(false, true)) {
                    throw new OutOfMemoryError("Once");
                }
                return super.connect();
            }
        };

        assertThat(sent(failing, 1)).isEqualTo(keys(1));
        assertThat(failed).isTrue();
    }

    private void insert(int rows, int bytes) {
        table.insert(
                IntStream.range(0, rows)
                        .mapToObj(i -> new OutboxRow(
                                new UUID(1, i), topic, Integer.toString(i), new String[0], new byte[bytes]))
                        .toList(),
                false);
    }

    private List<Unsent> unsent(int bytes) throws SQLException {
        try (var connection = table.connect()) {
            return table.unsent(connection, 1_000, bytes);
        }
    }

    private static List<String> keys(int count) {
        return IntStream.range(0, count).mapToObj(Integer::toString).toList();
    }

    /** The keys of what a relay sends. */
    private List<String> sent(OutboxTable from, int count) {
        var kafka = servers.kafka().adminProperties();
        var relay = new OutboxRelay(from, new RelayProducer(kafka, "relay-test"), new SimpleMeterRegistry());
        var config = new HashMap<>(kafka);
        config.put("isolation.level", "read_committed");
        config.put("auto.offset.reset", "earliest");
        var keys = new ArrayList<String>();
        try (var consumer = new KafkaConsumer<>(config, new StringDeserializer(), new ByteArrayDeserializer())) {
            consumer.assign(List.of(new TopicPartition(topic, 0)));
            relay.start(new StartupEvent());
            var deadline = System.nanoTime() + PATIENCE.toNanos();
            while (keys.size() < count && System.nanoTime() < deadline) {
                consumer.poll(Duration.ofMillis(100)).forEach(read -> keys.add(read.key()));
            }
            relay.stop(new ShutdownEvent());
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
        return keys;
    }
}
