package io.bulwark.ratelimit.observation;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.bulwark.kit.http.BodyLines;
import io.bulwark.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads an access log line by line. A bad line is counted and named by its number, and the others are taken. */
final class AccessLog {
    private static final int NAMED_ERRORS = 20;

    /** Caddy logs all headers: whoever sends long ones must not be left out for it. */
    private static final int LONGEST_LINE = 64 * 1_024;

    private static final int DEEPEST = 8;
    private static final int LONGEST_NUMBER = 40;
    private static final JsonMapper JSON = mapper();

    private final EventCheck check;
    private final @Nullable LogDialect dialect;
    private final LogDigest digest;
    private final List<BadLine> errors = new ArrayList<>();
    private int lines;
    private int rejected;

    /** @param dialect null where every line says by its fields which it is of */
    AccessLog(EventCheck check, @Nullable LogDialect dialect, LogDigest digest) {
        this.check = check;
        this.dialect = dialect;
        this.digest = digest;
    }

    /** @param line its number, from 1 on */
    record BadLine(int line, String message) {}

    /** @throws Problem 413 where it has more lines than that */
    void read(InputStream body, int most) throws IOException {
        var reader = new BodyLines(body, LONGEST_LINE);
        for (var number = 1; ; number++) {
            var line = reader.next();
            if (line == null) {
                return;
            }
            if (line.length == 0 && !BodyLines.isTooLong(line)) {
                continue;
            }
            if (++lines > most) {
                throw new Problem(413, "too-many", "A request holds at most " + most + " lines");
            }
            try {
                digest.add(parsed(line));
            } catch (InvalidObservation e) {
                reject(number, e);
            }
        }
    }

    int lines() {
        return lines;
    }

    int rejected() {
        return rejected;
    }

    List<BadLine> errors() {
        return errors;
    }

    private LogLine parsed(byte[] line) throws InvalidObservation {
        if (BodyLines.isTooLong(line)) {
            throw new InvalidObservation("", "is longer than " + LONGEST_LINE + " bytes");
        }
        var json = object(line);
        var parsed = (dialect == null ? LogDialect.of(json) : dialect).read(json);
        check.time("time", parsed.time());
        return parsed;
    }

    private static JsonNode object(byte[] line) throws InvalidObservation {
        try {
            // no byte that is no UTF-8 hides a request: nginx writes down what it was sent
            if (JSON.readTree(new String(line, UTF_8)) instanceof ObjectNode object) {
                return object;
            }
        } catch (JsonProcessingException e) {
            throw new InvalidObservation("", "is no JSON");
        }
        throw new InvalidObservation("", "is no JSON object");
    }

    private void reject(int number, InvalidObservation e) {
        rejected++;
        if (errors.size() < NAMED_ERRORS) {
            errors.add(new BadLine(number, (e.field() + " " + e.getMessage()).strip()));
        }
    }

    private static JsonMapper mapper() {
        var json = JsonMapper.builder()
                .enable(
                        DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS,
                        DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        json.getFactory()
                .setStreamReadConstraints(StreamReadConstraints.builder()
                        .maxNestingDepth(DEEPEST)
                        .maxNameLength(LONGEST_LINE)
                        .maxNumberLength(LONGEST_NUMBER)
                        .build());
        return json;
    }
}
