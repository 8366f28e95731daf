package io.bulwark.ratelimit.detection;

import java.time.Instant;

/** The first and the last time at which a policy decided; one where only one did. */
record Span(Instant first, Instant last) {}
