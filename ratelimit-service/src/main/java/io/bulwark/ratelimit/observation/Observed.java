package io.bulwark.ratelimit.observation;

import io.bulwark.events.SecurityEvent;
import java.time.Instant;

/**
 * One observation as its reporter tells it.
 *
 * @param source what the reporter calls itself
 * @param id its own for the event, unique within the source
 */
record Observed(String source, String id, Instant time, SecurityEvent event) {}
