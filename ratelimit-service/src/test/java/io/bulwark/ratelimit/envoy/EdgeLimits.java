package io.bulwark.ratelimit.envoy;

import static io.bulwark.ratelimit.envoy.RateLimitRequest.message;
import static io.bulwark.ratelimit.envoy.RateLimitRequest.query;

import io.bulwark.ratelimit.limit.LimitTallies;
import io.bulwark.ratelimit.limit.Limits;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** The limits of a file of the domain edge, while nobody is blocked, and time passes only where a test says so. */
final class EdgeLimits {
    static final Instant START = Instant.ofEpochSecond(1_700_000_000);

    private final AtomicLong now = new AtomicLong(TimeUnit.SECONDS.toNanos(START.getEpochSecond()));
    private final RateLimiting limiting;
    private final List<String> refused = new ArrayList<>();

    EdgeLimits(String file) {
        this.limiting = new RateLimiting(
                new DomainFiles("default", () -> Map.of("edge.yaml", file), tallies())::find,
                new Limits(1 << 12, 1, 2, now::get),
                new Screening((client, application) -> null, application -> null),
                application -> 1,
                () -> true,
                (application, outcome) -> {},
                (client, scope) -> refused.add(client.toString()),
                () -> START);
    }

    /** That nobody looks at. */
    static LimitTallies tallies() {
        return new LimitTallies(new SimpleMeterRegistry());
    }

    RateLimitReply decide(String... descriptors) throws IOException {
        return answer(message(descriptors));
    }

    RateLimitReply answer(String message) throws IOException {
        return limiting.answer("default", query(message));
    }

    /** Who was refused by a limit of its own until now. */
    List<String> refused() {
        return refused;
    }

    void pass(Duration time) {
        now.addAndGet(time.toNanos());
    }
}
