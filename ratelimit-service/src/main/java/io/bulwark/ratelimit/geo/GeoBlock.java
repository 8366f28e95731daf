package io.bulwark.ratelimit.geo;

import io.bulwark.ratelimit.prefix.Scope;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A country or an autonomous system is refused.
 *
 * @param until null where it is for good
 */
public record GeoBlock(
        UUID id,
        GeoTarget target,
        Scope scope,
        String reason,
        String author,
        Instant blockedAt,
        @Nullable Instant until) {}
