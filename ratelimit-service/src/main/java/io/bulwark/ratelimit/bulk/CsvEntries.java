package io.bulwark.ratelimit.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.http.BodyLines;
import io.bulwark.kit.problem.Problem;
import java.io.IOException;
import java.io.InputStream;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;

/** Comma-separated values (RFC 4180) under a header that names the fields, in any order; an entry a line. */
final class CsvEntries {
    private static final int LONGEST_LINE = 8 * 1_024;

    private CsvEntries() {}

    /** @throws Problem 422 where the header names no target, or what is no field */
    static void read(InputStream body, EntrySink sink) throws IOException {
        var lines = new BodyLines(body, LONGEST_LINE);
        var first = lines.next();
        var header = header(first == null ? "" : new String(first, UTF_8));
        var number = 1;
        for (var line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (BodyLines.isTooLong(line)) {
                sink.refuse(number, "is longer than " + LONGEST_LINE + " bytes");
            } else if (line.length > 0) {
                entry(number, new String(line, UTF_8), header, sink);
            }
        }
        sink.end(number);
    }

    private static List<String> header(String line) {
        List<String> names;
        try {
            names = CsvCells.read(line).stream().map(String::strip).toList();
        } catch (IllegalArgumentException e) {
            throw Problem.invalid("header", String.valueOf(e.getMessage()));
        }
        if (!names.contains(Field.TARGET)
                || !Field.ALL.containsAll(names)
                || new HashSet<>(names).size() < names.size()) {
            throw Problem.invalid(
                    "header", "must name target, and may name " + String.join(", ", Field.ALL) + ", each once");
        }
        return names;
    }

    private static void entry(int number, String line, List<String> header, EntrySink sink) {
        try {
            var cells = CsvCells.read(line);
            if (cells.size() != header.size()) {
                sink.refuse(number, "has " + cells.size() + " cells, and the header " + header.size());
                return;
            }
            sink.take(number, fields(header, cells));
        } catch (IllegalArgumentException e) {
            sink.refuse(number, String.valueOf(e.getMessage()));
        }
    }

    private static Map<String, String> fields(List<String> header, List<String> cells) {
        var fields = new HashMap<String, String>();
        for (var i = 0; i < cells.size(); i++) {
            if (!cells.get(i).isEmpty()) {
                fields.put(header.get(i), cells.get(i));
            }
        }
        return fields;
    }
}
