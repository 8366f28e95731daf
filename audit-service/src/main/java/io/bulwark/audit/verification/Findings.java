package io.bulwark.audit.verification;

import com.fasterxml.jackson.annotation.JsonInclude;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What is wrong with the log: the first so many are kept, all are counted. */
final class Findings {
    static final int KEPT = 100;

    private final List<Finding> kept = new ArrayList<>();
    private long count;
    private boolean aboutEntries;

    /**
     * Something that is not as it was appended.
     *
     * @param index of the entry, or the first of several; absent where the head or the tree as a whole is meant
     * @param eventId as the leaf says, or the column where the leaf is unreadable; absent where the entry is
     */
    @JsonInclude(JsonInclude.Include.NON_NULL)
    record Finding(@Nullable Long index, @Nullable String eventId, String problem) {
        /** A leaf that was changed may hold anything: PostgreSQL's JSON takes no NUL, and a log no forged line. */
        Finding {
            eventId = eventId == null ? null : printable(eventId);
            problem = printable(problem);
        }

        private static String printable(String text) {
            return text.replaceAll("\\p{Cc}", "\uFFFD");
        }
    }

    void add(@Nullable Long index, @Nullable String eventId, String problem) {
        count++;
        aboutEntries |= index != null;
        if (kept.size() < KEPT) {
            kept.add(new Finding(index, eventId, problem));
        }
    }

    void addRange(long from, long to, String problem) {
        add(from, null, (to - from == 1 ? "entry " + from : "entries " + from + " to " + (to - 1)) + " " + problem);
    }

    List<Finding> kept() {
        return List.copyOf(kept);
    }

    long count() {
        return count;
    }

    /** False while nothing was found but about the head and the tree as a whole. */
    boolean areAboutEntries() {
        return aboutEntries;
    }
}
