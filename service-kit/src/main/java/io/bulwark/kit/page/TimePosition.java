package io.bulwark.kit.page;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Where a page of a list by time ended; the id tells apart what happened at the same time. */
public record TimePosition(Instant at, UUID id) {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999999Z");

    /** As {@link Cursor#read} reads any. */
    public static @Nullable TimePosition read(@Nullable String cursor) {
        return Cursor.readPair(cursor, (at, id) -> new TimePosition(time(at), UUID.fromString(id)));
    }

    /** Java reads years that no database stores. */
    private static Instant time(String text) {
        var time = Instant.parse(text);
        if (time.isBefore(FIRST) || time.isAfter(LAST)) {
            throw new DateTimeException("No year of four digits");
        }
        return time;
    }

    /** What a cursor says of it. */
    @Override
    public String toString() {
        return at + " " + id;
    }
}
