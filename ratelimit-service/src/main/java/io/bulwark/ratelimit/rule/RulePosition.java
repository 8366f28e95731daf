package io.bulwark.ratelimit.rule;

import io.bulwark.kit.page.Cursor;
import org.jspecify.annotations.Nullable;

/** Where a page of rules ended that are listed by application and name. */
public record RulePosition(String application, String name) {
    private static final RulePosition START = new RulePosition("", "");

    /** As {@link Cursor#readPair}; before every rule where the client sent none. */
    public static RulePosition read(@Nullable String cursor) {
        var position = Cursor.readPair(cursor, RulePosition::new);
        return position == null ? START : position;
    }

    @Override
    public String toString() {
        return application + " " + name;
    }
}
