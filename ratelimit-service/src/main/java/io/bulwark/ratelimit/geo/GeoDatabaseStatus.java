package io.bulwark.ratelimit.geo;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * How a database is.
 *
 * @param configured whether there is a path to it at all
 * @param type what it says it is, such as {@code GeoLite2-Country}
 * @param ipVersion 6 where it knows addresses of both kinds, 4 where it knows nothing of IPv6
 * @param failure why its file could not be read the last time; what was read before is in force
 */
record GeoDatabaseStatus(
        String kind,
        boolean configured,
        boolean available,
        @Nullable String type,
        @Nullable Integer ipVersion,
        @Nullable Instant builtAt,
        @Nullable String failure) {}
