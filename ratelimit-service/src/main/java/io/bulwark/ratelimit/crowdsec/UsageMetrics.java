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
     * @return 201; 400 for what is no JSON or too much of it, 422 where no component is named by its type and version
     */
    static int statusOf(Buffer body, boolean gzip) {
        try {
            var components = parse(body, gzip).path("remediation_components");
            if (!components.isArray() || components.isEmpty()) {
                return 422;
            }
            for (var component : components) {
                if (!component.path("type").isTextual()
                        || !component.path("version").isTextual()) {
                    return 422;
                }
            }
            return 201;
        } catch (IOException e) {
            return 400;
        }
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
