package io.bulwark.ratelimit.episode;

import java.time.Instant;

/** The first and the last time at which a policy decided; one where only one did. */
public record Span(Instant first, Instant last) {}
