package io.bulwark.kit.page;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * One page of a list.
 *
 * @param nextCursor asks for the page after this one; absent on the last
 */
@JsonInclude(JsonInclude.Include.NON_NULL)
public record Page<T>(List<T> items, @Nullable String nextCursor) {

    /** Items of a page unless the caller says otherwise. */
    public static final String DEFAULT_LIMIT = "50";

    /** The most items that one page holds. */
    public static final int MAX_LIMIT = 500;

    /**
     * Makes a page of what a query with {@code limit limit + 1} found.
     *
     * @param position what the cursor of an item says
     */
    public static <R, T> Page<T> of(List<R> found, int limit, Function<R, String> position, Function<R, T> view) {
        var more = found.size() > limit;
        var shown = more ? found.subList(0, limit) : found;
        return new Page<>(shown.stream().map(view).toList(), more ? Cursor.of(position.apply(shown.getLast())) : null);
    }
}
