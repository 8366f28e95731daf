package io.bulwark.ratelimit.bulk;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.http.BodyLines;
import java.io.IOException;
import java.io.InputStream;
import java.util.Map;

/** A target a line; what follows a {@code #} is a comment. */
final class PlainEntries {
    private static final int LONGEST_LINE = 1_024;

    private PlainEntries() {}

    static void read(InputStream body, EntrySink sink) throws IOException {
        var lines = new BodyLines(body, LONGEST_LINE);
        var number = 0;
        for (var line = lines.next(); line != null; line = lines.next()) {
            number++;
            if (BodyLines.isTooLong(line)) {
                sink.refuse(number, "is longer than " + LONGEST_LINE + " bytes");
                continue;
            }
            var text = new String(line, UTF_8);
            var comment = text.indexOf('#');
            var target = (comment < 0 ? text : text.substring(0, comment)).strip();
            if (!target.isEmpty()) {
                sink.take(number, Map.of(Field.TARGET, target));
            }
        }
        sink.end(number);
    }
}
