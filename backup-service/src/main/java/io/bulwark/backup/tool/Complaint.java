package io.bulwark.backup.tool;

import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The one line of what a tool printed that says why it failed. */
final class Complaint {
    private static final Pattern PREFIX = Pattern.compile("^pg_(?:dump|restore): (?:error: |fatal: )?");
    private static final Pattern TOO_OLD = Pattern.compile("server version: (\\S+?)[; ].*pg_dump version: (\\S+)");

    private final String secret;
    private @Nullable String first;
    private @Nullable String firstError;
    private @Nullable String tooOld;

    Complaint(String secret) {
        this.secret = secret;
    }

    void read(String line) {
        if (line.isBlank()) {
            return;
        }
        if (first == null) {
            first = line;
        }
        if (firstError == null && line.contains(" error: ")) {
            firstError = line;
        }
        var versions = TOO_OLD.matcher(line);
        if (versions.find()) {
            tooOld = "pg_dump " + versions.group(2) + " is older than the server, " + versions.group(1)
                    + ": a newer postgresql-client is needed";
        }
    }

    @Nullable
    String text() {
        if (tooOld != null) {
            return tooOld;
        }
        var line = firstError != null ? firstError : first;
        return line == null ? null : Redaction.line(PREFIX.matcher(line).replaceFirst(""), secret);
    }
}
