package io.bulwark.ratelimit.observation;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.events.Envelope;
import java.net.URLEncoder;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Who reports.
 *
 * @param path {@code /gateways/<name>} or {@code /clients/<id>}: never below {@code /bulwark}, where the services are
 * @param application the only one it can report about
 */
record Reporter(String path, String application) {
    private static final int LONGEST = 250;

    static Reporter gateway(String name, String application) {
        return new Reporter("/gateways/" + encoded(name), application);
    }

    static Reporter client(String id, String application) {
        return new Reporter("/clients/" + encoded(id), application);
    }

    /** What the reporter calls its source, below its own path: the identity of its event stays, and is nobody else's. */
    Envelope envelope(
            String source, String id, String type, String subject, Instant time, @Nullable String traceparent) {
        var full = path + "/" + encoded(source);
        if (full.length() > LONGEST) {
            full = path + "/" + UUID.nameUUIDFromBytes(source.getBytes(UTF_8));
        }
        return new Envelope(id, full, type, subject, time, application, traceparent);
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, UTF_8);
    }
}
