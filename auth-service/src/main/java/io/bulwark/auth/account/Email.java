package io.bulwark.auth.account;

import java.text.Normalizer;
import java.util.Locale;

/** The one form in which an e-mail address is stored, compared and published. */
final class Email {
    static final int MAX_LENGTH = 254;

    /**
     * Text with something in it, but no control characters, which would forge log lines and which PostgreSQL cannot all
     * store, and no half characters.
     */
    static final String PRINTABLE = "(?=.*\\S)[^\\p{Cc}\\p{Cs}]*";

    /** One @ between two parts without spaces; whether somebody reads mail there, only mail can tell. */
    static final String FORM = "\\s*[^\\p{Cc}\\p{Cs}\\s@]{1,64}@[^\\p{Cc}\\p{Cs}\\s@]{1,189}\\s*";

    private Email() {}

    static String normalise(String typed) {
        return Normalizer.normalize(typed.strip(), Normalizer.Form.NFKC).toLowerCase(Locale.ROOT);
    }
}
