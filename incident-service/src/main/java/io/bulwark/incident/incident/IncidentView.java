package io.bulwark.incident.incident;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.bulwark.events.IncidentEvent.Severity;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * An incident as the API shows it.
 *
 * @param number what people call it by; numbers may be missing
 * @param detectedAt when it happened, by the event that decided
 * @param inTime whether it was acknowledged in time; absent as long as that is open
 * @param version what {@code ETag} says
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
record IncidentView(
        UUID id,
        long number,
        String application,
        String title,
        Severity severity,
        Status status,
        @Nullable String rule,
        Instant detectedAt,
        Instant openedAt,
        Instant acknowledgeBy,
        @Nullable Instant acknowledgedAt,
        @Nullable String acknowledgedBy,
        @Nullable Boolean inTime,
        @Nullable Instant breachedAt,
        @Nullable Instant resolvedAt,
        @Nullable String resolvedBy,
        @Nullable String resolution,
        @Nullable Instant closedAt,
        @Nullable String closedBy,
        long version) {

    static IncidentView of(Incident incident) {
        return new IncidentView(
                incident.id(),
                incident.number(),
                incident.application(),
                incident.title(),
                incident.severity(),
                incident.status(),
                incident.rule(),
                incident.detectedAt(),
                incident.openedAt(),
                incident.acknowledgeBy(),
                incident.acknowledgedAt(),
                incident.acknowledgedBy(),
                incident.inTime(),
                incident.breachedAt(),
                incident.resolvedAt(),
                incident.resolvedBy(),
                incident.resolution(),
                incident.closedAt(),
                incident.closedBy(),
                incident.version());
    }
}
