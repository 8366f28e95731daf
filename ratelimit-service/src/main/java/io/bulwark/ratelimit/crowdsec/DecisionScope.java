package io.bulwark.ratelimit.crowdsec;

import java.util.Locale;

/** What a decision's value is. */
enum DecisionScope {
    IP("Ip"),
    RANGE("Range"),
    COUNTRY("Country"),
    AS("AS");

    /** As bouncers compare it. */
    final String canonical;

    DecisionScope(String canonical) {
        this.canonical = canonical;
    }

    /** In whatever case; the four words only are treated so, others are compared as they are. */
    boolean isNamed(String word) {
        return canonical.toLowerCase(Locale.ROOT).equals(word.toLowerCase(Locale.ROOT));
    }
}
