package io.bulwark.ratelimit.observation;

import io.bulwark.events.GatewayEvent.AccessDenied;
import io.bulwark.events.GatewayEvent.RequestSummary;
import io.bulwark.kit.net.Network;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** What is told of an access log: per endpoint and minute a summary, per refused address, endpoint and minute one event. */
final class LogDigest {
    private static final Duration MINUTE = Duration.ofMinutes(1);
    private static final int CLASSES = 6;
    private static final int UNAUTHORIZED = 401;
    private static final int FORBIDDEN = 403;

    private final Function<LogLine, String> endpointOf;
    private final Map<Slot, Traffic> traffic = new LinkedHashMap<>();
    private final Map<Refusal, Refused> refusals = new LinkedHashMap<>();

    LogDigest(Function<LogLine, String> endpointOf) {
        this.endpointOf = endpointOf;
    }

    private record Slot(String endpoint, Instant minute) {}

    private record Refusal(Slot slot, Network client, int status) {}

    private static final class Refused {
        private int count;
        private Instant last = Instant.MIN;
    }

    private static final class Traffic {
        private final long[] classes = new long[CLASSES];
        private final List<Double> millis = new ArrayList<>();
        private final Set<Network> clients = new HashSet<>();
        private Instant last = Instant.MIN;
    }

    void add(LogLine line) {
        var time = line.time().truncatedTo(ChronoUnit.MICROS);
        var slot = new Slot(endpointOf.apply(line), time.truncatedTo(ChronoUnit.MINUTES));
        var seen = traffic.computeIfAbsent(slot, key -> new Traffic());
        var statusClass = line.status() / 100;
        seen.classes[statusClass < CLASSES ? statusClass : 0]++;
        seen.millis.add(line.millis());
        seen.clients.add(line.client());
        seen.last = later(seen.last, time);
        if (line.status() == UNAUTHORIZED || line.status() == FORBIDDEN) {
            var refused =
                    refusals.computeIfAbsent(new Refusal(slot, line.client(), line.status()), key -> new Refused());
            refused.count++;
            refused.last = later(refused.last, time);
        }
    }

    /** @param batch what identifies the log: the same log again is the same events */
    List<Observed> events(String source, String batch) {
        var events = new ArrayList<Observed>();
        refusals.forEach((refusal, refused) -> events.add(new Observed(
                source,
                batch + "-" + events.size(),
                refused.last,
                new AccessDenied(
                        refusal.client().toString(),
                        refusal.slot().endpoint(),
                        null,
                        refusal.status(),
                        refused.count))));
        traffic.forEach((slot, seen) ->
                events.add(new Observed(source, batch + "-" + events.size(), seen.last, summary(slot, seen))));
        return events;
    }

    private static RequestSummary summary(Slot slot, Traffic seen) {
        var sorted = seen.millis.stream().sorted().toList();
        return new RequestSummary(
                slot.endpoint(),
                slot.minute(),
                MINUTE,
                sorted.size(),
                seen.classes[1],
                seen.classes[2],
                seen.classes[3],
                seen.classes[4],
                seen.classes[5],
                sorted.stream().mapToDouble(Double::doubleValue).sum(),
                percentile(sorted, 50),
                percentile(sorted, 95),
                percentile(sorted, 99),
                sorted.getLast(),
                (long) seen.clients.size());
    }

    /** By nearest rank. */
    private static double percentile(List<Double> sorted, int percent) {
        return sorted.get(Math.ceilDiv(sorted.size() * percent, 100) - 1);
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }
}
