package io.bulwark.ratelimit.bulk;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How a list of blocks is written, so that it can be imported again. */
enum ExportFormat {
    /** Targets alone, a line each. */
    PLAIN("text/plain") {
        @Override
        String begin() {
            return "";
        }

        @Override
        String row(@Nullable Exported before, Exported block) {
            return before != null && before.target().equals(block.target()) ? "" : block.target() + "\n";
        }

        @Override
        String end() {
            return "";
        }
    },

    CSV("text/csv") {
        @Override
        String begin() {
            return String.join(",", HEADER) + LINE_END;
        }

        @Override
        String row(@Nullable Exported before, Exported block) {
            return CsvCells.write(block.fields().stream()
                            .map(field -> Objects.requireNonNullElse(field, ""))
                            .toList())
                    + LINE_END;
        }

        @Override
        String end() {
            return "";
        }
    },

    JSON("application/json") {
        @Override
        String begin() {
            return "[";
        }

        @Override
        String row(@Nullable Exported before, Exported block) {
            Map<String, String> fields = new LinkedHashMap<>();
            for (var i = 0; i < HEADER.size(); i++) {
                var value = block.fields().get(i);
                if (value != null) {
                    fields.put(HEADER.get(i), value);
                }
            }
            try {
                return (before == null ? "\n" : ",\n") + MAPPER.writeValueAsString(fields);
            } catch (JsonProcessingException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        String end() {
            return "\n]\n";
        }
    };

    private static final List<String> HEADER =
            List.of(Field.TARGET, Field.REASON, Field.UNTIL, Field.ENDPOINT, Field.APPLICATION, Field.REMEDIATION);

    /** RFC 4180. */
    private static final String LINE_END = "\r\n";

    private static final JsonMapper MAPPER = new JsonMapper();

    private final String mediaType;

    ExportFormat(String mediaType) {
        this.mediaType = mediaType;
    }

    /** A block as it is written, everything as text. */
    record Exported(
            String target,
            String reason,
            String until,
            @Nullable String endpoint,
            String application,
            String remediation) {
        private List<@Nullable String> fields() {
            return Arrays.asList(target, reason, until, endpoint, application, remediation);
        }
    }

    String mediaType() {
        return mediaType;
    }

    abstract String begin();

    /** @param before the block that was written just before, of the same target or of one further on */
    abstract String row(@Nullable Exported before, Exported block);

    abstract String end();
}
