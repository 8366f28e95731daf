package io.bulwark.kit.page;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a page of a list by time ended; the id tells apart what happened at the same time. */
public record TimePosition(Instant at, UUID id) {
    /** As {@link Cursor#read} reads any. */
    public static @Nullable TimePosition read(@Nullable String cursor) {
        return Cursor.readPair(cursor, (at, id) -> new TimePosition(Instant.parse(at), UUID.fromString(id)));
    }

    /** What a cursor says of it. */
    @Override
    public String toString() {
        return at + " " + id;
    }
}
