package io.bulwark.ratelimit.blocklist;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** How a list is written. Blank lines and comments behind {@code #}, {@code ;} or {@code //} are passed over in all of them. */
enum ListFormat {
    /** An address or a network first on each line, as Spamhaus, FireHOL and most others have it. */
    @JsonProperty("plain")
    PLAIN {
        @Override
        String target(String line) {
            return line.split("[\\s,;#]", 2)[0];
        }
    },

    /** An address or a network in the first column; a first line that has none is the header. */
    @JsonProperty("csv")
    CSV {
        @Override
        String target(String line) {
            return line.split(",", 2)[0].replace("\"", "").strip();
        }
    },

    /** A JSON object a line, as Spamhaus' {@code drop_v4.json}; one that names no network says something about the list. */
    @JsonProperty("json")
    JSON {
        @Override
        @Nullable
        String target(String line) {
            try {
                var object = MAPPER.readTree(line);
                return NAMES.stream()
                        .map(object::get)
                        .filter(value -> value != null && value.isTextual())
                        .map(JsonNode::textValue)
                        .findFirst()
                        .orElse(object.isObject() ? null : "");
            } catch (JsonProcessingException e) {
                return "";
            }
        }
    };

    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> NAMES = List.of("cidr", "ip", "address", "network", "target", "value");

    static ListFormat of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    String word() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** What should be a network; null where the line is not about one. */
    @Nullable
    abstract String target(String line);
}
