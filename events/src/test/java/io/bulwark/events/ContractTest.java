package io.bulwark.events;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Record, schema and golden file of every event type say the same. */
class ContractTest {
    static Set<String> types() {
        return EventTypes.all().keySet();
    }

    @Test
    void everyTypeHasItsSchemaAndItsGoldenFileAndThereAreNoOthers() throws IOException {
        assertThat(Contract.names(Contract.SCHEMAS)).containsExactlyElementsOf(types());
        assertThat(Contract.names(Contract.GOLDEN)).containsExactlyElementsOf(types());
    }

    @ParameterizedTest
    @MethodSource("types")
    void schemaDescribesTheRecord(String type) {
        var schema = Contract.schema(type);
        var components = EventTypes.all().get(type).getRecordComponents();

        assertThat(Contract.violations(Contract.metaSchema(), schema)).isEmpty();
        assertThat(schema.path("$id").asText()).isEqualTo("https://bulwark.io/schemas/" + type + ".json");
        assertThat(schema.path("properties").fieldNames())
                .toIterable()
                .containsExactlyElementsOf(names(components, false));
        assertThat(texts(schema.path("required"))).containsExactlyElementsOf(names(components, true));
        assertThat(schema.path("additionalProperties").asBoolean()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("types")
    void goldenFileStillMeansTheSame(String type) throws UnreadableEvent {
        var golden = Contract.golden(type);

        var event = Contract.read(type, golden);

        assertThat(event).isInstanceOf(EventTypes.all().get(type));
        assertThat(event.key()).isNotEmpty();
        var written = json(event);
        assertThat(written).isEqualTo(golden);
        assertThat(Contract.violations(type, written)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void missingOrNullRequiredFieldIsUnreadable(String type) {
        for (var field : texts(Contract.schema(type).path("required"))) {
            ObjectNode missing = Contract.golden(type).deepCopy();
            missing.remove(field);
            ObjectNode empty = Contract.golden(type).deepCopy();
            empty.putNull(field);

            assertThatThrownBy(() -> Contract.read(type, missing)).as(field).isInstanceOf(UnreadableEvent.class);
            assertThatThrownBy(() -> Contract.read(type, empty)).as(field).isInstanceOf(UnreadableEvent.class);
            assertThat(Contract.violations(type, missing)).as(field).isNotEmpty();
        }
    }

    @ParameterizedTest
    @MethodSource("types")
    void missingOptionalFieldsAreNull(String type) throws UnreadableEvent {
        ObjectNode required = Contract.golden(type).deepCopy();
        required.retain(texts(Contract.schema(type).path("required")));

        var event = Contract.read(type, required);

        assertThat(json(event)).isEqualTo(required);
        assertThat(Contract.violations(type, required)).isEmpty();
    }

    @ParameterizedTest
    @MethodSource("types")
    void unknownFieldIsTolerated(String type) throws UnreadableEvent {
        ObjectNode newer = Contract.golden(type).deepCopy();
        newer.putObject("addedLater").put("by", "a newer producer");

        assertThat(Contract.read(type, newer)).isEqualTo(Contract.read(type, Contract.golden(type)));
        assertThat(Contract.violations(type, newer)).isEmpty();
    }

    private static JsonNode json(SuiteEvent event) {
        try {
            return CloudEventBinding.JSON.readTree(CloudEventBinding.data(event));
        } catch (IOException e) {
            throw new AssertionError(e);
        }
    }

    private static List<String> names(RecordComponent[] components, boolean requiredOnly) {
        return Arrays.stream(components)
                .filter(component ->
                        !requiredOnly || !component.getAnnotatedType().isAnnotationPresent(Nullable.class))
                .map(RecordComponent::getName)
                .toList();
    }

    private static List<String> texts(JsonNode array) {
        var texts = new ArrayList<String>();
        array.forEach(item -> texts.add(item.asText()));
        return texts;
    }
}
