package io.bulwark.kit.problem;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** The caller decided on a version that is not the newest (RFC 9110, section 13.1.1). */
public final class StaleVersion extends Problem {
    private static final long serialVersionUID = 1L;

    private StaleVersion(String what, String current) {
        super(412, "stale-version", "The " + what + " has changed since; read it again");
        header("ETag", current);
    }

    /**
     * Goes on only where the newest version is among those that the caller names, or where it names none.
     *
     * @param ifMatch {@code If-Match} as it came, null or blank where it did not
     * @param version of the newest, without quotes
     */
    public static void refuse(String what, @Nullable String ifMatch, Object version) {
        var current = "\"" + version + "\"";
        if (ifMatch != null
                && !ifMatch.isBlank()
                && Arrays.stream(ifMatch.split(","))
                        .map(String::strip)
                        .noneMatch(tag -> tag.equals("*") || tag.equals(current))) {
            throw new StaleVersion(what, current);
        }
    }
}
