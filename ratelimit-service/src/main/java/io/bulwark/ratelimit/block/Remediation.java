package io.bulwark.ratelimit.block;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.util.Locale;

/** What a gateway does with whom a block stops, where it can do more than refuse. */
public enum Remediation {
    /** Refuses. */
    @JsonProperty("ban")
    BAN,

    /** Lets through whoever solves a captcha; a gateway that has none refuses. */
    @JsonProperty("captcha")
    CAPTCHA;

    private final String word = name().toLowerCase(Locale.ROOT);

    static Remediation of(String word) {
        return valueOf(word.toUpperCase(Locale.ROOT));
    }

    /** Its name in rows, events and answers. */
    public String word() {
        return word;
    }
}
