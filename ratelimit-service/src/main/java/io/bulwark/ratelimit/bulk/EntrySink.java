package io.bulwark.ratelimit.bulk;

import java.util.Map;

/** Takes what is read from an import, entry by entry. */
interface EntrySink {
    /**
     * An entry.
     *
     * @param line where it stands, from 1 on
     * @param fields by name; one that is absent is not said
     */
    void take(int line, Map<String, String> fields);

    /** What stands there is no entry. */
    void refuse(int line, String why);

    /** The body has so many lines. */
    void end(int lines);
}
