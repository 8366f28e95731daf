package io.bulwark.ratelimit.crowdsec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.vertx.core.buffer.Buffer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.zip.GZIPInputStream;

/** What bouncers report of themselves: checked, not kept. */
final class UsageMetrics {
    /** Of the body, as sent and unpacked. */
    static final int MOST_BYTES = 256 * 1024;

    private static final ObjectMapper JSON = new ObjectMapper();

    private UsageMetrics() {}

    /**
     * The status that the original answers.
     *
     * @return 201; 400 for what is no JSON, too much of it, or not about one component; 422 where that lacks what it must say
     */
    static int statusOf(Buffer body, boolean gzip) {
        try {
            var components = parse(body, gzip).path("remediation_components");
            return components.size() != 1 ? 400 : isComplete(components.path(0)) ? 201 : 422;
        } catch (IOException e) {
            return 400;
        }
    }

    private static boolean isComplete(JsonNode component) {
        if (!component.path("version").isTextual()
                || !component.path("utc_startup_timestamp").isIntegralNumber()) {
            return false;
        }
        for (var metrics : component.path("metrics")) {
            var meta = metrics.path("meta");
            if (!meta.has("window_size_seconds")
                    || !meta.has("utc_now_timestamp")
                    || !metrics.path("items").isArray()) {
                return false;
            }
        }
        return true;
    }

    private static JsonNode parse(Buffer body, boolean gzip) throws IOException {
        if (!gzip) {
            return JSON.readTree(body.getBytes());
        }
        try (var unpacked = new GZIPInputStream(new ByteArrayInputStream(body.getBytes()))) {
            var text = unpacked.readNBytes(MOST_BYTES + 1);
            if (text.length > MOST_BYTES) {
                throw new IOException("More than " + MOST_BYTES + " bytes");
            }
            return JSON.readTree(text);
        }
    }
}
