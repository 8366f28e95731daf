package io.bulwark.ratelimit.bulk;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import io.bulwark.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.Map;

/** An array of objects, or of targets as strings; read as it comes, whatever its length. */
final class JsonEntries {
    private static final int LONGEST_TEXT = 8 * 1_024;
    private static final int DEEPEST = 8;
    private static final JsonFactory JSON = JsonFactory.builder()
            .streamReadConstraints(StreamReadConstraints.builder()
                    .maxStringLength(LONGEST_TEXT)
                    .maxNameLength(LONGEST_TEXT)
                    .maxNestingDepth(DEEPEST)
                    .build())
            .build();

    private JsonEntries() {}

    /** @throws Problem 400 where it is no such array: then nothing of it is used */
    static void read(InputStream body, EntrySink sink) throws IOException {
        try (var parser = JSON.createParser(body)) {
            if (parser.nextToken() != JsonToken.START_ARRAY) {
                throw malformed("is no JSON array");
            }
            var number = 0;
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                entry(++number, parser, sink);
            }
            if (parser.nextToken() != null) {
                throw malformed("goes on behind the array");
            }
            sink.end(number);
        } catch (JsonProcessingException e) {
            throw malformed(String.valueOf(e.getOriginalMessage()));
        }
    }

    private static void entry(int number, JsonParser parser, EntrySink sink) throws IOException {
        switch (parser.currentToken()) {
            case VALUE_STRING -> sink.take(number, Map.of(Field.TARGET, parser.getText()));
            case START_OBJECT -> object(number, parser, sink);
            default -> {
                parser.skipChildren();
                sink.refuse(number, "is neither an object nor a string");
            }
        }
    }

    private static void object(int number, JsonParser parser, EntrySink sink) throws IOException {
        var fields = new HashMap<String, String>();
        var wrong = "";
        while (parser.nextToken() != JsonToken.END_OBJECT) {
            var name = parser.currentName();
            var value = parser.nextToken();
            if (!Field.ALL.contains(name)) {
                wrong = "has an unknown field";
            } else if (value == JsonToken.VALUE_STRING) {
                fields.put(name, parser.getText());
            } else if (value != JsonToken.VALUE_NULL) {
                wrong = name + ": must be a string";
            }
            parser.skipChildren();
        }
        if (wrong.isEmpty()) {
            sink.take(number, fields);
        } else {
            sink.refuse(number, wrong);
        }
    }

    private static Problem malformed(String why) {
        return new Problem(400, "malformed-body", "The body " + why);
    }
}
