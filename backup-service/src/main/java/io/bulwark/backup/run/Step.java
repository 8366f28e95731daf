package io.bulwark.backup.run;

import java.util.Locale;

/** Where a run is, or where it failed. */
enum Step {
    /** The database is read; compressing, encrypting and sending go with it. */
    DUMP,
    /** The object is made of what was sent. */
    STORE,
    /** The object is read back. */
    VERIFY;

    String label() {
        return name().toLowerCase(Locale.ROOT);
    }
}
