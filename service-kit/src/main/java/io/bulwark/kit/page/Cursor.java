package io.bulwark.kit.page;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.bulwark.kit.problem.Problem;
import java.time.DateTimeException;
import java.util.Base64;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Where a page ended: opaque to the client, and checked as strictly as any input when it comes back. */
public final class Cursor {
    private Cursor() {}

    /** For a page that does not end at its last item; {@link Page#of} makes the others. */
    public static String of(String position) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(position.getBytes(UTF_8));
    }

    /**
     * Reads a cursor that a client sent.
     *
     * @param parse throws an {@link IllegalArgumentException} or {@link DateTimeException} on what is no position
     * @return null where the client sent none
     * @throws Problem 422 where it was not made here
     */
    public static <T> @Nullable T read(@Nullable String cursor, Function<String, T> parse) {
        if (cursor == null || cursor.isEmpty()) {
            return null;
        }
        try {
            return parse.apply(text(cursor));
        } catch (IllegalArgumentException | DateTimeException e) {
            throw Problem.invalid("cursor", "is not one that this list gave out");
        }
    }

    private static String text(String cursor) {
        var position = new String(Base64.getUrlDecoder().decode(cursor), UTF_8);
        if (position.indexOf('\0') >= 0) {
            throw new IllegalArgumentException("Postgres takes no NUL");
        }
        return position;
    }

    /** As {@link #read}, of a position that is two parts with a blank between them; the first has none in itself. */
    public static <T> @Nullable T readPair(@Nullable String cursor, BiFunction<String, String, T> parse) {
        return read(cursor, position -> {
            var blank = position.indexOf(' ');
            if (blank < 0) {
                throw new IllegalArgumentException("No position");
            }
            return parse.apply(position.substring(0, blank), position.substring(blank + 1));
        });
    }
}
