package io.bulwark.ratelimit.observation;

import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Which endpoints of an application are told apart. What a scanner tries is not found and takes no place; what is refused
 * takes at most half of the places, so that it cannot push out what is served. A place is free again after a day without
 * a request.
 */
@ApplicationScoped
class Endpoints {
    /** Where requests count whose path has no place. */
    static final String OTHER = "other";

    private static final Duration FORGOTTEN = Duration.ofDays(1);
    private static final int BAD_REQUEST = 400;
    private static final int SERVER_ERROR = 500;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final InstantSource clock;
    private final int most;
    private final Map<String, Map<String, Instant>> byApplication = new HashMap<>();

    Endpoints(ObservationConfig config, InstantSource clock) {
        this.most = config.maxEndpoints();
        this.clock = clock;
    }

    synchronized String of(String application, LogLine line) {
        var template = PathTemplate.of(line.target());
        var known = byApplication.computeIfAbsent(application, name -> new LinkedHashMap<>());
        var now = clock.instant();
        if (known.replace(template, now) != null) {
            return template;
        }
        var places = places(line.status());
        if (known.size() >= places && places > 0) {
            known.values().removeIf(seen -> seen.isBefore(now.minus(FORGOTTEN)));
        }
        if (known.size() >= places) {
            return OTHER;
        }
        known.put(template, now);
        return template;
    }

    private int places(int status) {
        if (status == UNAUTHORIZED || status == FORBIDDEN) {
            return most / 2;
        }
        return (status > 0 && status < BAD_REQUEST) || status >= SERVER_ERROR ? most : 0;
    }
}
