package io.bulwark.localstack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.bulwark.events.Topic;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.StringDeserializer;

/** {@code events}: what is on the topics, a JSON line per event, with the rights of the read-only consumer. */
final class EventFeed {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String ATTRIBUTE = "ce_";

    private final KafkaAccess kafka;
    private final PrintStream out;

    EventFeed(KafkaAccess kafka, PrintStream out) {
        this.kafka = kafka;
        this.out = out;
    }

    /** Follows until the JVM ends or nobody reads any more. */
    void follow(List<String> topics, boolean fromBeginning) {
        var properties = new HashMap<>(kafka.properties(KafkaAccess.CONSUMER));
        properties.put("isolation.level", "read_committed");
        try (var consumer = new KafkaConsumer<>(properties, new StringDeserializer(), new ByteArrayDeserializer())) {
            // Without a group: nothing is left behind, and two terminals both see everything.
            consumer.assign(topics.stream()
                    .flatMap(topic -> consumer.partitionsFor(topic).stream())
                    .map(partition -> new TopicPartition(partition.topic(), partition.partition()))
                    .toList());
            if (fromBeginning) {
                consumer.seekToBeginning(consumer.assignment());
            } else {
                consumer.seekToEnd(consumer.assignment());
            }
            while (!out.checkError()) {
                consumer.poll(Duration.ofMillis(500)).forEach(record -> out.println(line(record)));
            }
        }
    }

    static List<String> topics() {
        return Arrays.stream(Topic.values()).map(Topic::topicName).toList();
    }

    private static String line(ConsumerRecord<String, byte[]> record) {
        var line = JSON.createObjectNode();
        line.put("topic", record.topic());
        line.put("key", record.key());
        for (Header header : record.headers()) {
            var name = header.key().startsWith(ATTRIBUTE) ? header.key().substring(ATTRIBUTE.length()) : header.key();
            line.put(name, header.value() == null ? null : new String(header.value(), StandardCharsets.UTF_8));
        }
        line.set("data", data(record.value()));
        try {
            return JSON.writeValueAsString(line);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException(e);
        }
    }

    private static JsonNode data(byte[] value) {
        if (value == null) {
            return JSON.nullNode();
        }
        try {
            return JSON.readTree(value);
        } catch (IOException e) {
            return JSON.getNodeFactory().textNode(new String(value, StandardCharsets.UTF_8));
        }
    }
}
