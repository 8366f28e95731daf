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

    /**
     * One @ between two parts without spaces or what nobody sees; whether somebody reads mail there, only mail tells.
     * Asked of what is normalised: NFKC makes a plain @ or space of many that are none.
     */
    static final String FORM = "[^\\p{C}\\p{Z}@]{1,64}@[^\\p{C}\\p{Z}@]{1,189}";

    private Email() {}

    static String normalise(String typed) {
        return Normalizer.normalize(typed, Normalizer.Form.NFKC).strip().toLowerCase(Locale.ROOT);
    }
}
