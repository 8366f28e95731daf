package io.bulwark.kit.outbox;

import static org.assertj.core.api.Assertions.assertThat;

import io.bulwark.kit.outbox.RelayProducer.Closing;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.junit.jupiter.api.Test;

class RelayProducerTest {
    /** A transaction that was begun is waited for that long, also where Kafka is away. */
    @Test
    void itWaitsSecondsWhenItIsClosed() {
        var waits = new ArrayList<Duration>();
        var producer = new Closing(Map.of(ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, "127.0.0.1:1")) {
            @Override
            public void close(Duration longest) {
                waits.add(longest);
                super.close(longest);
            }
        };

        producer.close();

        assertThat(waits).singleElement().satisfies(wait -> assertThat(wait).isLessThan(Duration.ofSeconds(10)));
    }
}
