package io.bulwark.events;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.header.Header;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** asyncapi.yaml says what the code does. */
class AsyncApiTest {
    private static final JsonNode DOCUMENT = Contract.asyncApi();

    @Test
    void thereIsOneChannelPerTopic() {
        var addresses = new ArrayList<String>();
        DOCUMENT.path("channels")
                .forEach(channel -> addresses.add(channel.path("address").asText()));

        assertThat(addresses)
                .containsExactlyInAnyOrderElementsOf(
                        Arrays.stream(Topic.values()).map(Topic::topicName).toList());
    }

    @ParameterizedTest
    @EnumSource
    void channelHasTheTopicsSettings(Topic topic) {
        var channel = channel(topic);
        var kafka = channel.path("bindings").path("kafka");

        assertThat(kafka.path("partitions").asInt()).isEqualTo(Topic.PARTITIONS);
        assertThat(settings(kafka.path("topicConfiguration"))).isEqualTo(topic.settings());
        assertThat(channel.path("x-dead-letter-topic").asText()).isEqualTo(topic.deadLetterTopic());
        assertThat(texts(channel.path("x-writers"))).containsExactlyInAnyOrderElementsOf(topic.writers());
    }

    @ParameterizedTest
    @EnumSource
    void channelCarriesTheTypesOfItsTopic(Topic topic) {
        var documented = new TreeMap<String, String>();
        channel(topic).path("messages").forEach(reference -> {
            var message = resolve(reference);
            documented.put(
                    message.path("name").asText(),
                    message.path("payload").path("$ref").asText());
        });

        var expected = new TreeMap<String, String>();
        EventTypes.all().keySet().stream()
                .filter(type -> topicOf(type) == topic)
                .forEach(type -> expected.put(type, "schemas/" + type + ".json"));
        assertThat(documented).isEqualTo(expected);
        assertThat(documented.values()).allMatch(file -> Files.exists(Contract.RESOURCES.resolve(file)));
    }

    @Test
    void everyMessageHasItsKeyAndTheHeadersThatAreSent() {
        for (var message : DOCUMENT.path("components").path("messages")) {
            var key = message.path("bindings").path("kafka").path("key");
            assertThat(resolve(key).path("description").asText()).isNotEmpty();
            var headers =
                    resolve(message.path("traits").path(0)).path("headers").path("properties");
            assertThat(headers.fieldNames()).toIterable().containsExactlyElementsOf(sentHeaders());
        }
    }

    @ParameterizedTest
    @CsvSource({
        "ce_id, " + CloudEventBinding.MAX_IDENTITY,
        "ce_source, " + CloudEventBinding.MAX_IDENTITY,
        "ce_type, " + CloudEventBinding.MAX_ATTRIBUTE,
        "ce_subject, " + CloudEventBinding.MAX_ATTRIBUTE,
        "ce_application, " + CloudEventBinding.MAX_ATTRIBUTE,
        "traceparent, " + CloudEventBinding.MAX_ATTRIBUTE
    })
    void attributeMayBeAsLongAsAReaderTakesIt(String attribute, int longest) {
        var headers = DOCUMENT.at("/components/messageTraits/cloudEvent/headers/properties");

        assertThat(headers.path(attribute).path("maxLength").asInt()).isEqualTo(longest);
        assertThat(DOCUMENT.at("/info/description").asText().replaceAll("\\s+", " "))
                .contains(String.format(
                        Locale.ROOT,
                        "`ce_id` and `ce_source` of at most %,d bytes, the others of at most %,d.",
                        CloudEventBinding.MAX_IDENTITY,
                        CloudEventBinding.MAX_ATTRIBUTE));
    }

    private static List<String> sentHeaders() {
        return Arrays.stream(Contract.headersOf("any").toArray())
                .map(Header::key)
                .toList();
    }

    private static JsonNode channel(Topic topic) {
        for (var channel : DOCUMENT.path("channels")) {
            if (channel.path("address").asText().equals(topic.topicName())) {
                return channel;
            }
        }
        throw new AssertionError("No channel for " + topic);
    }

    private static Topic topicOf(String type) {
        try {
            return Contract.read(type, Contract.golden(type)).topic();
        } catch (UnreadableEvent e) {
            throw new AssertionError(e);
        }
    }

    private static JsonNode resolve(JsonNode reference) {
        return DOCUMENT.at(reference.path("$ref").asText().substring(1));
    }

    private static Map<String, String> settings(JsonNode configuration) {
        var settings = new TreeMap<String, String>();
        configuration.properties().forEach(entry -> {
            var value = entry.getValue();
            settings.put(entry.getKey(), value.isArray() ? String.join(",", texts(value)) : value.asText());
        });
        return settings;
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
