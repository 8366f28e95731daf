package io.bulwark.incident.incident;

import io.bulwark.events.IncidentEvent.Severity;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Why an incident is opened.
 *
 * @param rule the alert rule that says so; null where a person does
 * @param episode what there is never a second incident for; null where a person opens it
 * @param detectedAt when it happened, by the event that decided
 * @param finding what was found, for the timeline
 * @param author a person's name, or this service's
 */
public record Opening(
        String application,
        String title,
        Severity severity,
        @Nullable String rule,
        @Nullable String episode,
        Instant detectedAt,
        String finding,
        String author) {}
