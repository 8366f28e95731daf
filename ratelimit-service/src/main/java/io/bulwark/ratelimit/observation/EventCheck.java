package io.bulwark.ratelimit.observation;

import static io.bulwark.ratelimit.observation.Bounds.ACCOUNT;
import static io.bulwark.ratelimit.observation.Bounds.NAME;
import static io.bulwark.ratelimit.observation.Bounds.address;
import static io.bulwark.ratelimit.observation.Bounds.network;
import static io.bulwark.ratelimit.observation.Bounds.optional;
import static io.bulwark.ratelimit.observation.Bounds.text;
import static io.bulwark.ratelimit.observation.Bounds.within;

import io.bulwark.events.AttackEvent;
import io.bulwark.events.EventTypes;
import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.FloodDetected;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.events.GatewayEvent.WafBlocked;
import io.bulwark.events.SecurityEvent;
import io.bulwark.events.SecurityEvent.AccountLocked;
import io.bulwark.events.SecurityEvent.AccountUnlocked;
import io.bulwark.events.SecurityEvent.LoginFailed;
import io.bulwark.events.SecurityEvent.LoginSucceeded;
import io.bulwark.events.SecurityEvent.RefreshTokenReused;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What an outsider may report, and within which bounds. Answers the event in canonical form.
 *
 * @param earliest nothing may have happened before
 * @param latest nothing may happen after
 */
record EventCheck(Instant earliest, Instant latest) {
    /** By the name of their type. */
    static final Map<String, Class<? extends SecurityEvent>> TYPES = Stream.<Class<? extends SecurityEvent>>of(
                    LoginSucceeded.class,
                    LoginFailed.class,
                    AccessDenied.class,
                    WafBlocked.class,
                    FloodDetected.class,
                    RequestSummary.class)
            .collect(Collectors.toUnmodifiableMap(EventTypes::nameOf, Function.identity()));

    private static final int MOST = 10_000;
    private static final double MOST_REQUESTS = 1e9;
    private static final double MOST_MILLIS = 1e15;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;
    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration HOUR = Duration.ofHours(1);

    SecurityEvent canonical(SecurityEvent event) throws InvalidObservation {
        return switch (event) {
            case LoginSucceeded in ->
                new LoginSucceeded(
                        address("address", in.address()),
                        text("userId", in.userId(), NAME),
                        text("account", in.account(), ACCOUNT),
                        optional("sessionId", in.sessionId(), NAME));
            case LoginFailed failed ->
                new LoginFailed(
                        address("address", failed.address()),
                        text("account", failed.account(), ACCOUNT),
                        optional("userId", failed.userId(), NAME),
                        failed.reason());
            case AccessDenied denied -> denied(denied);
            case WafBlocked blocked -> blocked(blocked);
            case FloodDetected flood -> flood(flood);
            case RequestSummary summary -> summary(summary);
            case AccountLocked own -> throw notTheirs();
            case AccountUnlocked own -> throw notTheirs();
            case RefreshTokenReused own -> throw notTheirs();
            case AttackEvent own -> throw notTheirs();
        };
    }

    Instant time(String field, Instant time) throws InvalidObservation {
        return Bounds.time(field, time, earliest, latest);
    }

    private static AccessDenied denied(AccessDenied denied) throws InvalidObservation {
        if (denied.status() != null && denied.status() != UNAUTHORIZED && denied.status() != FORBIDDEN) {
            throw new InvalidObservation("status", "must be 401 or 403");
        }
        within("count", denied.count(), 1, MOST);
        return new AccessDenied(
                address("address", denied.address()),
                optional("endpoint", denied.endpoint(), NAME),
                optional("account", denied.account(), ACCOUNT),
                denied.status(),
                denied.count());
    }

    private static WafBlocked blocked(WafBlocked blocked) throws InvalidObservation {
        within("count", blocked.count(), 1, MOST);
        return new WafBlocked(
                address("address", blocked.address()),
                optional("endpoint", blocked.endpoint(), NAME),
                text("rule", blocked.rule(), NAME),
                blocked.count());
    }

    private static FloodDetected flood(FloodDetected flood) throws InvalidObservation {
        if (flood.requests() != null) {
            within("requests", flood.requests(), 1, MOST_REQUESTS);
        }
        if (flood.window() != null) {
            within("window", flood.window(), Duration.ofMillis(1), Duration.ofDays(1));
        }
        return new FloodDetected(
                network("target", flood.target()).toString(),
                optional("endpoint", flood.endpoint(), NAME),
                flood.requests(),
                flood.window());
    }

    private RequestSummary summary(RequestSummary summary) throws InvalidObservation {
        optional("endpoint", summary.endpoint(), NAME);
        within("window", summary.window(), SECOND, HOUR);
        time("from", summary.from());
        time("window", summary.from().plus(summary.window()));
        within("requests", summary.requests(), 0, MOST_REQUESTS);
        long[] classes = {
            summary.status1xx(), summary.status2xx(), summary.status3xx(), summary.status4xx(), summary.status5xx()
        };
        for (var i = 0; i < classes.length; i++) {
            within("status" + (i + 1) + "xx", classes[i], 0, MOST_REQUESTS);
        }
        if (Arrays.stream(classes).sum() > summary.requests()) {
            throw new InvalidObservation("requests", "must not be less than what was answered");
        }
        if (summary.clients() != null) {
            within("clients", summary.clients(), 0, summary.requests());
        }
        times(summary);
        return summary;
    }

    private static void times(RequestSummary summary) throws InvalidObservation {
        measured("totalMs", summary.totalMs());
        measured("p50Ms", summary.p50Ms());
        measured("p95Ms", summary.p95Ms());
        measured("p99Ms", summary.p99Ms());
        measured("maxMs", summary.maxMs());
        var rising = Stream.of(summary.p50Ms(), summary.p95Ms(), summary.p99Ms(), summary.maxMs())
                .filter(Objects::nonNull)
                .toList();
        if (!rising.equals(rising.stream().sorted().toList())) {
            throw new InvalidObservation("p50Ms", "p50Ms, p95Ms, p99Ms and maxMs must not fall");
        }
    }

    private static void measured(String field, @Nullable Double millis) throws InvalidObservation {
        if (millis != null) {
            within(field, millis, 0, MOST_MILLIS);
        }
    }

    private static InvalidObservation notTheirs() {
        return new InvalidObservation("type", "is not one that is reported from outside");
    }
}
