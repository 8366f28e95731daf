package io.bulwark.backup.seal;

import java.io.IOException;

/** It was not sealed here, not with this key, not for this purpose, or it was changed since. */
public final class BrokenSeal extends IOException {
    private static final long serialVersionUID = 1L;

    BrokenSeal(String reason) {
        super(reason);
    }

    BrokenSeal(String reason, Throwable cause) {
        super(reason, cause);
    }
}
