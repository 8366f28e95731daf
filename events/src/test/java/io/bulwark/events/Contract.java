package io.bulwark.events;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.networknt.schema.Error;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaLocation;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.apache.kafka.common.header.Headers;
import org.apache.kafka.common.header.internals.RecordHeaders;

/** Where the files of the contract are, and how the tests read them. */
final class Contract {
    static final Path RESOURCES = Path.of("src/main/resources");
    static final Path SCHEMAS = RESOURCES.resolve("schemas");
    static final Path GOLDEN = Path.of("src/test/resources/golden");
    static final Path ASYNC_API = RESOURCES.resolve("asyncapi.yaml");

    private static final SchemaRegistry SCHEMA_REGISTRY =
            SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12);

    private Contract() {}

    static JsonNode golden(String type) {
        return json(GOLDEN.resolve(type + ".json"));
    }

    static JsonNode schema(String type) {
        return json(SCHEMAS.resolve(type + ".json"));
    }

    /** What the type's schema says against this data, formats included. */
    static List<Error> violations(String type, JsonNode data) {
        return violations(SCHEMA_REGISTRY.getSchema(schema(type)), data);
    }

    static List<Error> violations(Schema schema, JsonNode data) {
        return schema.validate(
                data, context -> context.executionConfig(config -> config.formatAssertionsEnabled(true)));
    }

    static Schema metaSchema() {
        return SCHEMA_REGISTRY.getSchema(SchemaLocation.of("https://json-schema.org/draft/2020-12/schema"));
    }

    static JsonNode asyncApi() {
        try {
            return new YAMLMapper().readTree(ASYNC_API.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The names of the JSON files in a folder, without their ending. */
    static List<String> names(Path folder) throws IOException {
        try (var files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.json$", ""))
                    .sorted()
                    .toList();
        }
    }

    static Headers headersOf(String type) {
        var headers = new RecordHeaders();
        CloudEventBinding.headers(new Envelope(
                        "0198c2a4-7d1e-7c3a-9b52-3f6d5e1a9c01",
                        "/bulwark/auth-service",
                        type,
                        "203.0.113.7",
                        Instant.parse("2026-01-15T09:30:00.123456Z"),
                        "shop",
                        "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"))
                .forEach((name, value) -> headers.add(name, value.getBytes(StandardCharsets.UTF_8)));
        return headers;
    }

    /** Reads data of a type as a consumer of its topic would. */
    static SuiteEvent read(String type, JsonNode data) throws UnreadableEvent {
        return CloudEventBinding.read(
                        headersOf(type), data.toString().getBytes(StandardCharsets.UTF_8), SuiteEvent.class)
                .orElseThrow()
                .data();
    }

    private static JsonNode json(Path file) {
        try {
            return CloudEventBinding.JSON.readTree(file.toFile());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
